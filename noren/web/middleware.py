"""What holds for every answer: security headers, and a refusal told as a page instead of a traceback."""

from collections.abc import Callable
from urllib.parse import urlsplit

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from noren.kit.errors import Overloaded, Refusal
from noren.web import errors

Answer = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
HEALTH = "/healthz"
"""Asked by those who watch the server, by any name."""

FORM_ACTION = "form_action"
"""Key in the session's data: the origin of the partner that somebody is signing on to."""

PRIVATE = "no-store"
"""Pages hold points and names: no cache keeps them. Static files say otherwise themselves."""


class Headers:
    """Security headers on every answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers that the view has not set itself."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", PRIVATE)
        return response


class Policy(CSPMiddleware):
    """The content policy; the usual one is put into words once."""

    def __init__(self, get_response: Answer) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The usual policy, unless the answer has a word of its own on it."""
        if any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response


class Refusals:
    """A Refusal that reaches the door becomes a page with its sentence and code."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Tell a refusal; anything else is Django's to report."""
        if isinstance(exception, Overloaded):
            return errors.overloaded(request, exception)
        if isinstance(exception, Refusal):
            return errors.refused(request, exception)
        return None


class Canonical:
    """One address for all: cookies, passkeys and sign-on are bound to it, so another name of the host leads there."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.host = urlsplit(settings.NOREN_URL).netloc

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or lead to the same page at the installation's own address."""
        if request.path == HEALTH:
            request.META["HTTP_HOST"] = self.host  # whoever watches asks by the name that it has
        elif request.META.get("HTTP_HOST") != self.host and request.get_host() != self.host:
            return HttpResponseRedirect(f"{settings.NOREN_URL}{request.get_full_path()}")
        return self.get_response(request)


def may_lead_to(response: HttpResponse, origin: str) -> None:
    """Let forms of this page lead to that origin, too; the attribute is the one that django-csp's decorators set."""
    setattr(response, "_csp_update", {"form-action": [origin]})  # noqa: B010  (not declared by HttpResponse)


class FormAction:
    """A form that leads to a partner in the end may do so: browsers apply form-action to redirects, too.

    The provider notes the partner's origin in the session while somebody signs on to it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the noted origin beside our own."""
        response = self.get_response(request)
        origin = request.session.get(FORM_ACTION) if request.session.accessed else None
        if origin and not hasattr(response, "_csp_update"):
            may_lead_to(response, origin)
        return response

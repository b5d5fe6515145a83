"""What holds for every answer: security headers, and a refusal told as a page instead of a traceback."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

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
        if request.get_host() == self.host or request.path == HEALTH:
            return self.get_response(request)
        return HttpResponseRedirect(f"{settings.NOREN_URL}{request.get_full_path()}")


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

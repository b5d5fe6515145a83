"""Pages for what went wrong: what happened, its stable code, what to do next."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from noren.kit.errors import Overloaded, Refusal
from noren.web.context import PROGRAMME


def _page(request: HttpRequest, status: int, *, code: str, title: str, text: str) -> HttpResponse:
    return render(request, "web/error.html", {"code": code, "title": title, "text": text}, status=status)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A clear no."""
    return _page(request, 400, code=refusal.code, title=_("That cannot be done"), text=str(refusal))


def overloaded(request: HttpRequest, refusal: Overloaded) -> HttpResponse:
    """429 with Retry-After."""
    response = _page(request, 429, code=refusal.code, title=_("Please try again in a moment"), text=str(refusal))
    response["Retry-After"] = str(refusal.seconds)
    return response


@login_not_required
def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our page, or whose page was open too long."""
    del reason
    text = _(
        "This page was open for too long, or cookies are switched off. Go back, load it again and send it once more."
    )
    return _page(request, 403, code="web.csrf", title=_("The form could not be checked"), text=text)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    del exception
    return _page(
        request, 400, code="web.bad_request", title=_("The request cannot be read"), text=_("Check the address.")
    )


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    del exception
    text = _("You are signed in, but this is not open to you. Ask your administrator.")
    return _page(request, 403, code="web.forbidden", title=_("Not open to you"), text=text)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it does not exist, or not for this person."""
    del exception
    text = _("The page does not exist, or it is not yours to see. Check the address or go to the start page.")
    return _page(request, 404, code="web.not_found", title=_("Page not found"), text=text)


@login_not_required
def failed(request: HttpRequest, *args: Any) -> HttpResponse:
    """500: what happened is in the server's log. Made without the request: reading the session may be what failed."""
    del request, args
    words = {
        "programme_name": PROGRAMME,
        "code": "web.failed",
        "title": _("Something went wrong"),
        "text": _("Something went wrong on our side. Nothing half-done stays. Please try again later."),
    }
    return HttpResponseServerError(render_to_string("web/error.html", words))

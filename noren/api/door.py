"""How programs come in: no session and no form token, errors as problems, readable from any origin."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from noren.api import limits, problems
from noren.api.asking import Asker
from noren.web.machines import for_programs

log = logging.getLogger(__name__)

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Programs in a browser may read these: they prove themselves by tokens, never by our cookies."""

ALLOWED = {
    **OPEN,
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type, DPoP, Idempotency-Key",
    "Access-Control-Max-Age": "3600",
}

View = Callable[..., HttpResponse]


def door(view: View) -> View:
    """A view for programs, in the language that they ask for."""

    @for_programs
    @login_not_required
    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **places: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=ALLOWED)
        with override(get_language_from_request(request)):
            response = view(request, **places)
            if response.status_code == problems.WrongMethod.status:
                response = _other_method(response)
        for name, value in OPEN.items():
            response.headers.setdefault(name, value)
        _tell_limits(response, getattr(request, "auth", None))
        return response

    return answer


def unknown(request: HttpRequest, **places: Any) -> HttpResponse:
    """Nothing stands there."""
    del request, places
    return problems.answer(problems.UnknownAddress(_("Nothing stands at this address. Look at the documentation.")))


def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """An accident: what happened is in the server's log."""
    log.error("%s %s", request.method, request.path, exc_info=error)
    message = _("Something went wrong on our side. Nothing half-done stays. Please try again later.")
    return problems.answer(problems.Failed(message))


def _other_method(response: HttpResponse) -> HttpResponse:
    told = problems.answer(problems.WrongMethod(_("This address does not take that method.")))
    told["Allow"] = response["Allow"]
    return told


def _tell_limits(response: HttpResponse, asker: Asker | None) -> None:
    if asker is not None:
        most = ", ".join(f'"{name}";q={calls};w={limits.WINDOW}' for name, calls in limits.policy().items())
        response["RateLimit-Policy"] = most
        response["RateLimit"] = f'"calls";r={asker.left.calls};t={asker.left.seconds}'

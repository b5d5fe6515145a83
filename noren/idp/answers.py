"""Answers to partners' programs: JSON, errors in the words of RFC 6749, readable from any origin."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from noren.kit.errors import Overloaded, Refusal
from noren.web.machines import for_programs

OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Programs in a browser may read these: they prove themselves by tokens, never by our cookies."""

ALLOWED = {
    **OPEN,
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, DPoP, Content-Type",
    "Access-Control-Max-Age": "3600",
}

_json = json.JSONEncoder(ensure_ascii=False).encode

View = Callable[[HttpRequest], HttpResponse]


class OAuthError(Exception):
    """A no to a partner's program: a standard code, and a sentence for its developers."""

    def __init__(self, code: str, description: str = "", *, status: int = 400, challenge: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.description = description
        self.status = status
        self.challenge = challenge

    def answer(self) -> HttpResponse:
        """As RFC 6749 5.2 and RFC 6750 3 have it."""
        told = {"error": self.code, **({"error_description": self.description} if self.description else {})}
        response = as_json(told, status=self.status)
        if self.challenge:
            response["WWW-Authenticate"] = self.challenge
        return response


def as_json(what: Mapping[str, Any], *, status: int = 200, keep_seconds: int = 0) -> HttpResponse:
    """JSON that nobody keeps, unless it may be kept for a while."""
    keep = f"public, max-age={keep_seconds}" if keep_seconds else "no-store"
    headers = {**OPEN, "Content-Type": "application/json", "Cache-Control": keep}
    return HttpResponse(_json(dict(what)).encode(), status=status, headers=headers)


def is_without_cookies(request: HttpRequest) -> bool:
    """Whether a browser was sent here by another site's form: it keeps our cookies back (SameSite=Lax)."""
    return request.method == "POST" and settings.SESSION_COOKIE_NAME not in request.COOKIES


def as_get(request: HttpRequest) -> HttpResponse:
    """The same request as a GET, to which browsers add the cookies."""
    query = urlencode([(name, str(value)) for name, values in request.POST.lists() for value in values])
    return HttpResponseRedirect(f"{request.path}?{query}", status=HTTPStatus.SEE_OTHER)


def machine(*methods: str) -> Callable[[View], View]:
    """A view for programs: no session, no form token; errors as JSON."""

    def around(view: View) -> View:
        @for_programs
        @login_not_required
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers=ALLOWED)
            if request.method not in methods:
                return HttpResponse(status=405, headers={**OPEN, "Allow": ", ".join(methods)})
            try:
                with override("en"):  # the standards' errors are for developers
                    return view(request)
            except OAuthError as error:
                return error.answer()
            except Overloaded as error:
                return HttpResponse(status=429, headers={**OPEN, "Retry-After": str(error.seconds)})
            except Refusal as error:
                return OAuthError("invalid_request", str(error)).answer()

        return answer

    return around


def clock() -> datetime:
    """The time of the request."""
    return timezone.now()

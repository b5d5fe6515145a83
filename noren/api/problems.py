"""A no to a program (RFC 9457): a status, a code that never changes, and a sentence in the program's language."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from noren.closing.queries import NotClosed
from noren.kit.errors import Overloaded, Refusal
from noren.orders.queries import UnknownItem, UnknownOrder
from noren.spending.actions import UnknownReservation
from noren.web.archive import Unavailable

MEDIA_TYPE = "application/problem+json"


class ApiRefusal(Refusal):
    """What this door says no to, whatever is asked. `challenge`: how the caller can do better (RFC 9110 11.6.1)."""

    status: ClassVar[int] = HTTPStatus.BAD_REQUEST

    def __init__(self, message: object, *, challenge: str = "", **values: object) -> None:
        super().__init__(message, **values)
        self.challenge = challenge


class Unreadable(ApiRefusal):
    """The body is not JSON, or too long."""

    code = "api.unreadable"


class BadCursor(ApiRefusal):
    """A cursor that was not given out for this list."""

    code = "api.bad_cursor"


class NoToken(ApiRefusal):
    """There is no access token."""

    code = "api.no_token"
    status = HTTPStatus.UNAUTHORIZED


class BadToken(ApiRefusal):
    """The access token is wrong, has expired or has ended."""

    code = "api.bad_token"
    status = HTTPStatus.UNAUTHORIZED


class FactorNeeded(ApiRefusal):
    """The person must give a second factor first (RFC 9470)."""

    code = "api.factor_needed"
    status = HTTPStatus.UNAUTHORIZED


class ScopeMissing(ApiRefusal):
    """The access token was not given for this."""

    code = "api.scope_missing"
    status = HTTPStatus.FORBIDDEN


class NoPerson(ApiRefusal):
    """A partner's token of its own acts for nobody."""

    code = "api.no_person"
    status = HTTPStatus.FORBIDDEN


class UnknownAddress(ApiRefusal):
    """Nothing stands there."""

    code = "api.unknown_address"
    status = HTTPStatus.NOT_FOUND


class NotYours(ApiRefusal):
    """The token's person has no such member."""

    code = "api.unknown_member"
    status = HTTPStatus.NOT_FOUND


class WrongMethod(ApiRefusal):
    """The address does not take that method."""

    code = "api.wrong_method"
    status = HTTPStatus.METHOD_NOT_ALLOWED


class Pooled(ApiRefusal):
    """The member's points are a group's."""

    code = "api.pooled"
    status = HTTPStatus.CONFLICT


class Withdrawn(ApiRefusal):
    """The member has left the programme."""

    code = "api.withdrawn"
    status = HTTPStatus.CONFLICT


class UnknownUse(ApiRefusal):
    """The programme has no such use of points."""

    code = "api.unknown_use"
    status = HTTPStatus.CONFLICT


class Invalid(ApiRefusal):
    """Fields of the request are wrong; `errors` says which and why."""

    code = "api.invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__(_("Some of what was sent is wrong. Each field is named with its reason."))
        self.errors = errors


class Failed(ApiRefusal):
    """An accident of ours."""

    code = "api.failed"
    status = HTTPStatus.INTERNAL_SERVER_ERROR


STATUSES: Mapping[type[Refusal], int] = {
    Overloaded: HTTPStatus.TOO_MANY_REQUESTS,
    NotClosed: HTTPStatus.NOT_FOUND,
    UnknownItem: HTTPStatus.NOT_FOUND,
    UnknownOrder: HTTPStatus.NOT_FOUND,
    UnknownReservation: HTTPStatus.NOT_FOUND,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Refusals of the packages below: all others say that what was asked does not fit what is there."""

TITLES: Mapping[int, object] = {
    400: _("The request cannot be read"),
    401: _("A valid access token is needed"),
    403: _("The access token does not allow this"),
    404: _("It does not exist, or not for this access token"),
    405: _("This address does not take that method"),
    409: _("It cannot be done"),
    422: _("The request is wrong"),
    429: _("Too many requests"),
    500: _("Something went wrong on our side"),
    503: _("It is not available at the moment"),
}


def status_of(refusal: Refusal) -> int:
    """Which HTTP status tells the refusal."""
    if isinstance(refusal, ApiRefusal):
        return int(refusal.status)
    found = (STATUSES[kind] for kind in type(refusal).__mro__ if kind in STATUSES)
    return int(next(found, HTTPStatus.CONFLICT))


def body(refusal: Refusal) -> str:
    """The refusal as JSON."""
    status = status_of(refusal)
    told: dict[str, Any] = {
        "type": f"urn:noren:code:{refusal.code}",
        "title": str(TITLES[status]),
        "status": status,
        "detail": str(refusal),
        "code": refusal.code,
    }
    if isinstance(refusal, Invalid):
        told["errors"] = list(refusal.errors)
    return json.dumps(told, ensure_ascii=False)


def answer(refusal: Refusal) -> HttpResponse:
    """The refusal as an answer."""
    response = HttpResponse(body(refusal).encode(), status=status_of(refusal), content_type=MEDIA_TYPE)
    if isinstance(refusal, ApiRefusal) and refusal.challenge:
        response["WWW-Authenticate"] = refusal.challenge
    if isinstance(refusal, Overloaded):
        response["Retry-After"] = str(refusal.seconds)
    return response

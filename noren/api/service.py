"""The API: its parts, and what becomes of what they say no to."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

from noren.api import door, members, orders, problems, reservations, validation
from noren.kit.errors import Refusal

ROOT = "/api/v1"


class Renderer(BaseRenderer):
    """JSON as pydantic writes it: the same for what is kept under a key and what is not."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The bytes."""
        del request, response_status
        return to_json(data)


api = NinjaAPI(
    title=_("Noren REST API"),
    version="1",
    description=_(
        "Points of the members of a person, in the name of that person: to read, and to use. Every call needs an "
        "access token of the sign-on provider with the scope that is told beside it."
    ),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    renderer=Renderer(),
)
api.add_router("/members", members.router)
api.add_router("/members/{member_id}/reservations", reservations.router)
api.add_router("/members/{member_id}/orders", orders.placing)
api.add_router("/catalogue", orders.catalogue)
api.add_router("/orders", orders.router)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    del request
    return problems.answer(refusal)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    del request
    return problems.answer(problems.Invalid(validation.told(error.errors)))


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Ninja itself says nothing else than that the body is no JSON."""
    del request, error
    message = gettext_lazy("The body is no JSON, or longer than is taken.")
    return problems.answer(problems.Unreadable(message))


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refusal: _refused,
    ValidationError: _invalid,
    HttpError: _unreadable,
    RequestDataTooBig: _unreadable,
    Exception: door.failed,
}
for _kind, _handler in HANDLERS.items():
    api.add_exception_handler(_kind, _handler)

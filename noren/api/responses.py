"""What operations have in common: the scope that opens them, and the answers that they may give besides their own."""

from typing import Any

from noren.api.asking import Needs
from noren.api.schemas import Problem

SCHEME = "sign_on"
"""The name of the security scheme in the document."""


def opened_by(*scopes: str) -> dict[str, Any]:
    """An operation that any of these scopes opens, and the document says so."""
    return {"auth": Needs(*scopes), "openapi_extra": {"security": [{SCHEME: [scope]} for scope in scopes]}}


def _problems(*statuses: int) -> dict[int, Any]:
    return dict.fromkeys(statuses, Problem)


READ = _problems(401, 403, 404, 422, 429, 500)
READ_LIST = _problems(400, 401, 403, 404, 422, 429, 500)
READ_ARCHIVE = _problems(401, 403, 404, 422, 429, 500, 503)
CHANGE = _problems(400, 401, 403, 404, 409, 422, 429, 500)

"""Where a list goes on: signed, so that a program can give back only what it was given."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from noren.api import problems

Row = TypeVar("Row")


def page(
    what: str,
    found: Sequence[Row],
    limit: int,
    place: Callable[[Row], tuple[object, ...]],
    tell: Callable[[Row], object],
) -> dict[str, Any]:
    """The rows asked for; where one more was found, `next` is the cursor of the place after which it stands."""
    following = None
    if len(found) > limit:
        following = _signer(what).sign_object([str(part) for part in place(found[limit - 1])])
    return {"items": [tell(row) for row in found[:limit]], "next": following}


def below(what: str, cursor: str) -> tuple[datetime, UUID] | None:
    """When the last one of the page before was made, and its id; None: the list begins. Raises BadCursor."""
    if not cursor:
        return None
    made_at, made_id = read(what, cursor)
    return datetime.fromisoformat(made_at), UUID(made_id)


def read(what: str, cursor: str) -> list[str]:
    """The place. Raises BadCursor."""
    try:
        return list(_signer(what).unsign_object(cursor))
    except signing.BadSignature as error:
        raise problems.BadCursor(_("This cursor was not given out for this list. Begin without one.")) from error


def _signer(what: str) -> signing.Signer:
    return signing.Signer(salt=f"noren.api.{what}")

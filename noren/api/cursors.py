"""Where a list goes on: signed, so that a program can give back only what it was given."""

from django.core import signing
from django.utils.translation import gettext_lazy as _

from noren.api import problems


def given(what: str, *place: object) -> str:
    """The cursor of a place in the list."""
    return _signer(what).sign_object([str(part) for part in place])


def read(what: str, cursor: str) -> list[str]:
    """The place. Raises BadCursor."""
    try:
        return list(_signer(what).unsign_object(cursor))
    except signing.BadSignature as error:
        raise problems.BadCursor(_("This cursor was not given out for this list. Begin without one.")) from error


def _signer(what: str) -> signing.Signer:
    return signing.Signer(salt=f"noren.api.{what}")

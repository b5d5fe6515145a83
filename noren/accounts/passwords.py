"""What a password must be (NIST SP 800-63B-4): long enough, not the login id, not a known one. No composition rule."""

import functools
import unicodedata
from importlib import resources
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST = 8
LONGEST = 128

LONGEST_TYPED = 1000
"""So much of a password is taken at all. Longer than any may be: what is too long is told, not cut by the browser."""

ADDED = 5
"""So many signs around a known password make no new one."""

FEWEST_SIGNS = 2
"""A password of no more different signs than this is none, whatever its length."""


class Length:
    """8 to 128 characters: a password is never the only factor here."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        del user
        if not SHORTEST <= len(password) <= LONGEST:
            raise ValidationError(self.get_help_text(), code="password.length")

    def get_help_text(self) -> str:
        """The rule."""
        return _("Use %(shortest)d to %(longest)d characters.") % {"shortest": SHORTEST, "longest": LONGEST}


class NotTheLogin:
    """Not the login id or contact mail."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        known = {str(getattr(user, name, "")).casefold() for name in ("login_id", "contact_mail")} - {""}
        if password.casefold() in known:
            raise ValidationError(self.get_help_text(), code="password.is_login")

    def get_help_text(self) -> str:
        """The rule."""
        return _("It must not be your ID or mail address.")


class NotBreached:
    """Not a password known from break-ins, nor one with a few digits or signs around it; the lists are local.

    Django's list of the 20,000 most frequent ones, and `data/words.txt` with what is frequent in Japan.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError. One that is too long is refused for that, and costs no more here."""
        del user
        if len(password) > LONGEST:
            return
        plain = unicodedata.normalize("NFKC", password).casefold().strip()
        stem = _stem(plain)
        is_known = plain in _known() or (stem in _known() and len(plain) - len(stem) <= ADDED)
        if is_known or len(set(plain)) <= FEWEST_SIGNS:
            raise ValidationError(self.get_help_text(), code="password.breached")

    def get_help_text(self) -> str:
        """The rule."""
        return _("It must not be a password known from break-ins, or one with a few digits or signs added.")


def _stem(plain: str) -> str:
    """From the first letter to the last."""
    letters = [place for place, sign in enumerate(plain) if "a" <= sign <= "z"]
    return plain[letters[0] : letters[-1] + 1] if letters else ""


@functools.cache
def _known() -> frozenset[str]:
    """Both lists, read at the first password that is set."""
    frequent = CommonPasswordValidator().passwords
    words = resources.files("noren").joinpath("accounts", "data", "words.txt").read_text(encoding="ascii")
    return frozenset(frequent | set(words.split()))

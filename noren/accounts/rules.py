"""Business accounts: kinds, states, ids, and what ends a sign-in. Pure."""

import re
import unicodedata
from calendar import monthrange
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from noren.kit.months import add_months

LOGIN_ID_LENGTH = 257
"""The longest one: what partner services can take."""


class Kind(StrEnum):
    """Issued to the holder of a line, or to a person without one."""

    LINE_LINKED = "line_linked"
    CARRIER_FREE = "carrier_free"


class State(StrEnum):
    """invited -> active <-> locked -> abolished."""

    INVITED = "invited"
    ACTIVE = "active"
    LOCKED = "locked"
    ABOLISHED = "abolished"


class LockReason(StrEnum):
    """Why an account is locked."""

    PASSWORDS = "passwords"
    SELF = "self"
    ADMINISTRATOR = "administrator"
    DORMANT = "dormant"


MOVES = {
    State.INVITED: {State.ACTIVE, State.ABOLISHED, State.INVITED},
    State.ACTIVE: {State.LOCKED, State.ABOLISHED, State.INVITED},
    State.LOCKED: {State.ACTIVE, State.ABOLISHED, State.INVITED},
    State.ABOLISHED: set[State](),
}
"""From which state to which. Back to invited: reissued, the person sets everything up anew."""

RESET_UNLOCKS = frozenset({LockReason.PASSWORDS, LockReason.DORMANT})
"""Locks that a password reset through the contact mail undoes; the others an administrator undoes."""

WRONG_PASSWORDS = 10
"""After so many wrong passwords in a row the account is locked."""

WRONG_CODES = 20
"""After so many wrong codes in a row, each behind a right password, the account is locked."""

WRONG_PINS = 5
"""After so many wrong PINs in a row a line can only be linked by a code."""

CODE_TRIES = 5
CODE_LIFE = timedelta(minutes=10)
CODE_PAUSE = timedelta(seconds=60)
"""Security codes: tries, how long one counts, how long until the next may be sent."""

Channel = Literal["mail", "sms"]


class Way(NamedTuple):
    """How a code reaches a person, and the destination as it is shown."""

    channel: Channel
    destination: str

    @property
    def shown(self) -> str:
        """Enough to recognise it, too little to learn it."""
        if self.channel == "mail":
            name, _sign, domain = self.destination.partition("@")
            return f"{name[:1]}***@{domain}"
        return f"***{self.destination[-4:]}"


def way(*, mail: str, mobile: str, mobile_verified_at: datetime | None) -> Way | None:
    """The contact mail; else the mobile, if it is verified; else None."""
    if mail:
        return Way("mail", mail)
    return Way("sms", mobile) if mobile and mobile_verified_at else None


DORMANT_MONTHS = 13
NOTICE_MONTHS = 1
"""A carrier-free account unused for so long is locked, so long after its notice."""

CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 6
"""Organisation codes: nothing that looks like something else."""


class Trigger(StrEnum):
    """The ten events after which everybody must sign in again, and an administrator who signs somebody out."""

    ID_CHANGE = "id_change"
    PASSWORD_CHANGE = "password_change"  # noqa: S105  (an event, not a secret)
    REISSUE = "reissue"
    DELETE = "delete"
    ABOLISH = "abolish"
    NAME_CHANGE = "name_change"
    LINE_CANCELLATION = "line_cancellation"
    FORCED_CANCELLATION = "forced_cancellation"
    NUMBER_CHANGE = "number_change"
    LOCK = "lock"
    SIGN_OUT = "sign_out"


TICKET_LIFE = timedelta(days=14)
SELF_LOCK_LIFE = timedelta(days=7)
"""How long an invitation or a letter, and an emergency link, can be used."""


class LoginKind(StrEnum):
    """What a login id is made of."""

    MAIL = "mail"
    FREE = "free"
    EMPLOYEE = "employee"


class TwoStep(StrEnum):
    """When the second step is asked: every time, or in browsers that are not trusted."""

    STRONG = "strong"
    WEAK = "weak"


class TicketPurpose(StrEnum):
    """What a single-use link is for."""

    INVITATION = "invitation"
    LETTER = "letter"
    SELF_LOCK = "self_lock"


class SignInResult(StrEnum):
    """How an attempt to sign in, or the use of a service, ended."""

    SUCCEEDED = "succeeded"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  (a result, not a secret)
    WRONG_CODE = "wrong_code"
    LOCKED = "locked"
    REFUSED = "refused"
    SERVICE = "service"


_FREE = re.compile(r"[!-.0-~]{1,257}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EMPLOYEE = re.compile(r"[a-z0-9]{4,12}/[!-.0-~]{1,64}")


def login_key(login_id: str) -> str:
    """What two login ids are compared by: full-width as half-width, upper as lower case."""
    return unicodedata.normalize("NFKC", login_id).strip().casefold()


def employee_login(organisation_code: str, employee_number: str) -> str:
    """The login id of an employee number: the organisation's code, a stroke, the number."""
    return f"{organisation_code.strip().lower()}/{employee_number.strip()}"


def login_kind(login_id: str) -> LoginKind | None:
    """Which kind of login id that is; None: it is not one.

    A mail address, an organisation's code with an employee number (`abc123/0042`), or half-width letters, digits
    and signs without a slash; at most 257 characters.
    """
    if len(login_id) > LOGIN_ID_LENGTH:
        return None
    if _EMPLOYEE.fullmatch(login_id):
        return LoginKind.EMPLOYEE
    if "@" in login_id:
        return LoginKind.MAIL if _MAIL.fullmatch(login_id) and login_id.isascii() else None
    return LoginKind.FREE if _FREE.fullmatch(login_id) else None


def may_move(state: State, to: State) -> bool:
    """Whether an account in that state may come into the other one."""
    return to in MOVES[state]


def months_before(moment: datetime, count: int) -> datetime:
    """The same day and time so many months earlier; a month that is too short gives its last day."""
    month = add_months(moment.date(), -count)
    return moment.replace(
        year=month.year, month=month.month, day=min(moment.day, monthrange(month.year, month.month)[1])
    )

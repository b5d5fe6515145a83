"""Who stands at the counter: a member, whose points pay for it, and who may say yes to that."""

from collections.abc import Iterable, Sized
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from noren.accounts import queries as accounts
from noren.accounts.queries import AccountRow
from noren.accounts.rules import State, Way, way
from noren.groups import queries as groups
from noren.groups.queries import GroupRow
from noren.groups.rules import GRANTS, Permission
from noren.kit.errors import Refusal
from noren.members import queries as members
from noren.members.queries import Profile
from noren.members.rules import MemberKind

MOST_FOUND = 10
"""Members that one search may show: who finds more must ask for less."""


class NotFound(Refusal):
    """No member answers to that, or one that has left."""

    code = "counter.not_found"


class TooManyFound(Refusal):
    """More answer than a clerk should leaf through."""

    code = "counter.too_many_found"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may consent, and how a code would reach them; None: not at all."""

    account_id: str
    name: str
    language: str
    mail: str
    way: Way | None


@dataclass(frozen=True, slots=True)
class Customer:
    """A member of the programme. `owner`: the account that is the member or has the line; empty: none has.

    `persons`: who may consent. Of a member's own points that is the owner; of a pool's, those who may spend from it.
    Without an owner it is nobody with an account: the holder of the line consents.
    """

    profile: Profile
    called: str
    owner: str
    name: str
    wallet_id: UUID
    pool: str
    persons: tuple[Person, ...]

    @property
    def is_pooled(self) -> bool:
        """Whether the points are those of a group."""
        return self.wallet_id != self.profile.uid

    @property
    def holder_consents(self) -> bool:
        """Whether somebody without an account says yes: by the PIN of the line, or by signing."""
        return not self.owner and not self.is_pooled

    def person(self, account_id: str) -> Person | None:
        """The one of those who may consent; None: nobody of that id may."""
        return next((one for one in self.persons if one.account_id == account_id), None)


def customer(name: str, on: date) -> Customer:
    """The member named `line:ID` or `account:ID`, as of the day. Raises NotFound, also for one who is none (any more).

    What it has just been called must not be told to somebody who does not know it, so all reasons look the same.
    """
    kind, _colon, member_id = name.partition(":")
    found = _customers(
        [member_id] if kind == MemberKind.LINE else [], member_id if kind == MemberKind.ACCOUNT else "", on
    )
    if not found:
        raise not_found()
    return found[0]


def find(text: str, on: date) -> tuple[Customer, ...]:
    """Members by the id of a line or a phone number, or an account by its login ID, with its lines.

    Raises NotFound, TooManyFound.
    """
    text = text.strip()
    account = accounts.by_login(text)
    account_id = account.account_id if account else ""
    return _told(_customers({text, *members.numbered(text), *accounts.line_ids(account_id)}, account_id, on))


def find_person(corporation: str, name: str, on: date) -> tuple[Customer, ...]:
    """Accounts by corporation (id, corporate number or name) and the name of their person, with their lines.

    Raises NotFound, TooManyFound.
    """
    corporations = members.corporations_called(corporation.strip())
    ids = accounts.people_named(corporations, name, most=MOST_FOUND + 1)
    return _told([one for account_id in ids for one in _customers(accounts.line_ids(account_id), account_id, on)])


def _told(found: list[Customer]) -> tuple[Customer, ...]:
    if not found:
        raise not_found()
    _must_be_few(found)
    return tuple(found)


def _must_be_few(found: Sized) -> None:
    if len(found) > MOST_FOUND:
        raise TooManyFound(_("More than %(most)d members answer to that. Ask for a number or an ID."), most=MOST_FOUND)


def not_found() -> NotFound:
    """One answer for every reason."""
    return NotFound(_("No member of the programme answers to that."))


def _customers(line_ids: Iterable[str], account_id: str, on: date) -> list[Customer]:
    taking_part = [one for one in members.profiles(account_id, line_ids) if _takes_part(one, on)]
    _must_be_few(taking_part)
    return [_customer(one) for one in taking_part]


def _takes_part(profile: Profile, on: date) -> bool:
    begun = profile.joined_on is not None and profile.joined_on <= on
    return begun and all(end is None or end > on for end in (profile.closed_on, profile.withdrawn_on))


def _customer(profile: Profile) -> Customer:
    is_line = profile.kind is MemberKind.LINE
    owner = (accounts.account_of_line(profile.member_id) or "") if is_line else profile.member_id
    account = accounts.account(owner) if owner else None
    login = account.login_id if account else profile.member_id
    called = (profile.phone_number or profile.member_id) if is_line else login
    name = account.name if account else ""
    pool = groups.pool_of(profile.uid)
    if pool is not None:
        group = groups.group(pool)
        return Customer(profile, called, owner, name, pool, group.name, _persons(_spenders(group)))
    return Customer(profile, called, owner, name, profile.uid, "", _persons([owner] if owner else []))


def _spenders(group: GroupRow) -> list[str]:
    """The accounts that may use the points of the whole group."""
    held = (*groups.holders(group.group_id), *groups.administrators(group.corporation_id))
    may = [one for one in held if one.unit_id is None and Permission.POINTS_SPEND in GRANTS[one.role]]
    return list(dict.fromkeys(one.account_id for one in may))


def _persons(account_ids: list[str]) -> tuple[Person, ...]:
    """Those who could sign in themselves, in the given order."""
    found = {row.account_id: row for row in accounts.accounts(account_ids) if row.state is State.ACTIVE}
    return tuple(_person(found[one]) for one in account_ids if one in found)


def _person(row: AccountRow) -> Person:
    to = way(mail=row.contact_mail, mobile=row.contact_mobile, mobile_verified_at=row.mobile_verified_at)
    return Person(row.account_id, row.name, row.language, row.contact_mail, to)

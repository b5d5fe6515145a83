"""Reads on business accounts: who a person is, what they sign in with, from where they are signed in."""

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import is_password_usable
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from noren.accounts.models import Account, Application, LinkedLine, Organisation, Session, SignIn
from noren.accounts.policy import Standing, standing_of
from noren.accounts.rules import Kind, LockReason, LoginKind, SignInResult, State, TwoStep, login_key
from noren.kit import sql
from noren.kit.errors import Refusal
from noren.members import queries as members
from noren.members.queries import Member


class UnknownAccount(Refusal):
    """No account has that id."""

    code = "account.unknown"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A business account as it is now."""

    account_id: str
    login_id: str
    login_kind: LoginKind
    kind: Kind
    corporation_id: str
    corporation_name: str
    state: State
    lock_reason: LockReason | None
    epoch: int
    name: str
    name_kana: str
    department: str
    title: str
    employee_number: str
    contact_mail: str
    contact_mobile: str
    mobile_verified_at: datetime | None
    two_step: TwoStep
    language: str
    password_changed_at: datetime | None
    must_change_password: bool
    issued_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A signed-in browser. `key_hash` names it; it is not the secret in its cookie."""

    key_hash: str
    sid: UUID | None
    started_at: datetime | None
    seen_at: datetime | None
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One attempt to sign in, or one use of a partner service."""

    at: datetime
    result: SignInResult
    methods: tuple[str, ...]
    service: str
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """A linked line, by what people call it: its phone number, or else its id."""

    line: Member
    called: str
    linked_at: datetime


def account(account_id: str) -> AccountRow:
    """The account. Raises UnknownAccount."""
    found = Account.objects.filter(account_id=account_id).select_related("corporation").first()
    if found is None:
        raise UnknownAccount(_("No account has the id %(account_id)s."), account_id=account_id)
    return row(found)


def accounts(account_ids: Iterable[str]) -> list[AccountRow]:
    """Those of the accounts that there are: one statement."""
    return [row(one) for one in Account.objects.filter(account_id__in=list(account_ids)).select_related("corporation")]


def by_login(login_id: str) -> AccountRow | None:
    """The account of that login id, however it is written; None: there is none. Never told to an outsider."""
    found = Account.objects.filter(login_key=login_key(login_id)).select_related("corporation").first()
    return None if found is None else row(found)


def named(name: str) -> AccountRow:
    """The account by its id or login id. Raises UnknownAccount."""
    return by_login(name) or account(name)


def people_named(corporation_ids: Iterable[str], name: str, *, most: int) -> list[str]:
    """The ids of accounts of these corporations whose person has that name or reading; spaces do not matter."""
    plain = {field: Replace(field, Value(" "), Value(""), output_field=TextField()) for field in ("name", "name_kana")}
    wanted = unicodedata.normalize("NFKC", name).replace(" ", "")
    rows = Account.objects.filter(corporation_id__in=list(corporation_ids)).exclude(state=State.ABOLISHED)
    rows = rows.annotate(plain_name=plain["name"], plain_kana=plain["name_kana"])
    found = rows.filter(Q(plain_name=wanted) | Q(plain_kana=wanted)) if wanted else rows.none()
    return list(found.order_by("account_id").values_list("account_id", flat=True)[:most])


def row(found: Account) -> AccountRow:
    """The model's row as a value."""
    return AccountRow(
        account_id=found.account_id,
        login_id=found.login_id,
        login_kind=LoginKind(found.login_kind),
        kind=Kind(found.kind),
        corporation_id=found.corporation_id,
        corporation_name=found.corporation.name,
        state=State(found.state),
        lock_reason=LockReason(found.lock_reason) if found.lock_reason else None,
        epoch=found.epoch,
        name=found.name,
        name_kana=found.name_kana,
        department=found.department,
        title=found.title,
        employee_number=found.employee_number,
        contact_mail=found.contact_mail,
        contact_mobile=found.contact_mobile,
        mobile_verified_at=found.mobile_verified_at,
        two_step=TwoStep(found.two_step),
        language=found.language,
        password_changed_at=found.password_changed_at,
        must_change_password=found.must_change_password,
        issued_at=found.issued_at,
        last_used_at=found.last_used_at,
    )


def corporation_of(account_id: str) -> str:
    """The id of the corporation that the account belongs to; empty: there is no such account."""
    return Account.objects.filter(account_id=account_id).values_list("corporation_id", flat=True).first() or ""


def standing(account_id: str, now: datetime) -> Standing | None:
    """What the places of the account ask of it; None: nothing."""
    found = sql.mappings("accounts", "policy.sql", {"account_id": account_id, "now": now})
    return standing_of(json.loads(found[0]["policy_step"])) if found else None


def has_credentials(account_id: str) -> bool:
    """Whether the person has set up anything to sign in with."""
    password = Account.objects.values_list("password", flat=True).get(account_id=account_id)
    return is_password_usable(password) or Authenticator.objects.filter(user_id=account_id).exists()


def sessions(account_id: str, now: datetime) -> tuple[SessionRow, ...]:
    """The browsers that are signed in, the last seen first; what a risen epoch has ended is not among them."""
    holder = Account.objects.filter(account_id=account_id).first()
    if holder is None:
        return ()
    valid = holder.get_session_auth_hash()
    rows = Session.objects.filter(account_id=account_id, expire_date__gt=now).order_by("-seen_at", "session_key")
    return tuple(
        SessionRow(one.session_key, one.sid, one.started_at, one.seen_at, one.address, one.agent)
        for one in rows
        if one.get_decoded().get("_auth_user_hash") == valid
    )


@dataclass(frozen=True, slots=True)
class Page:
    """Some sign-ins, and the place behind the last of them; empty: there is no more."""

    rows: tuple[SignInRow, ...]
    following: str


def history(account_id: str, *, since: datetime, behind: str, size: int) -> Page:
    """The sign-ins from `since` on, the newest first, those behind the place of an earlier page (empty: from the top).

    A place that cannot be read is the top.
    """
    found = SignIn.objects.filter(account_id=account_id, at__gte=since).order_by("-at", "-sign_in_id")
    place = _uuid(behind)
    last = SignIn.objects.filter(account_id=account_id, sign_in_id=place).first() if place else None
    if last is not None:
        found = found.filter(Q(at__lt=last.at) | Q(at=last.at, sign_in_id__lt=last.sign_in_id))
    rows = list(found[: size + 1])
    more = rows[size - 1].sign_in_id.hex if len(rows) > size else ""
    return Page(tuple(map(_sign_in, rows[:size])), more)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _sign_in(one: SignIn) -> SignInRow:
    return SignInRow(one.at, SignInResult(one.result), tuple(one.methods), one.service, one.address, one.agent)


def carrier_free(account_ids: Iterable[str]) -> set[str]:
    """Those of the accounts that have no line."""
    found = Account.objects.filter(account_id__in=list(account_ids), kind=Kind.CARRIER_FREE)
    return set(found.values_list("account_id", flat=True))


def ended(account_ids: Iterable[str]) -> list[str]:
    """The login ids of those of the accounts that have ended."""
    found = Account.objects.filter(account_id__in=list(account_ids), state=State.ABOLISHED)
    return list(found.order_by("login_id").values_list("login_id", flat=True))


def lines(account_id: str) -> tuple[LineRow, ...]:
    """The lines that are linked to the account, in the order of their ids."""
    linked = dict(
        LinkedLine.objects.filter(account_id=account_id, unlinked_at__isnull=True).values_list("line_id", "linked_at")
    )
    numbers = members.phone_numbers(linked)
    return tuple(
        LineRow(line, numbers.get(line.member_id, line.member_id), linked[line.member_id])
        for line in members.lines(linked)
    )


def line_ids(account_id: str) -> list[str]:
    """The ids of the lines that are linked to the account: one statement."""
    found = LinkedLine.objects.filter(account_id=account_id, unlinked_at__isnull=True)
    return list(found.order_by("line_id").values_list("line_id", flat=True))


def lines_of(account_ids: Iterable[str]) -> list[str]:
    """The ids of the lines that are linked to any of the accounts."""
    found = LinkedLine.objects.filter(account_id__in=list(account_ids), unlinked_at__isnull=True)
    return list(found.order_by("line_id").values_list("line_id", flat=True))


def account_of_line(line_id: str) -> str | None:
    """The account to which the line is linked; None: to none."""
    return (
        LinkedLine.objects.filter(line_id=line_id, unlinked_at__isnull=True)
        .values_list("account_id", flat=True)
        .first()
    )


def closed_lines(today: date) -> list[tuple[str, str]]:
    """Linked lines (line id, account id) whose contract has ended by that day."""
    rows = LinkedLine.objects.filter(unlinked_at__isnull=True, line__closed_on__lte=today)
    return list(rows.order_by("line_id").values_list("line_id", "account_id"))


def renumbered_lines() -> list[tuple[str, str]]:
    """Linked lines (line id, account id) with another phone number than the one that was followed."""
    rows = LinkedLine.objects.filter(unlinked_at__isnull=True).exclude(phone_number=F("line__phone_number"))
    return list(rows.order_by("line_id").values_list("line_id", "account_id"))


def moved_lines() -> list[tuple[str, str]]:
    """Linked lines (line id, account id) that belong to another corporation than the account."""
    rows = LinkedLine.objects.filter(unlinked_at__isnull=True).exclude(line__corporation=F("account__corporation"))
    return list(rows.order_by("line_id").values_list("line_id", "account_id"))


def members_of(account_id: str) -> tuple[Member, ...]:
    """Whose points are the person's: the account itself (if it is a member) and its linked lines."""
    return members.account_members(account_id) + tuple(one.line for one in lines(account_id))


def organisation_code(corporation_id: str) -> str | None:
    """What the corporation's employees type before their number; None: it has none yet."""
    return Organisation.objects.filter(corporation_id=corporation_id).values_list("code", flat=True).first()


def dormant(used_before: datetime, *, noticed_before: datetime | None) -> list[str]:
    """Carrier-free accounts in use that nobody used since: those without a notice (None), or with one that old."""
    found = Account.objects.filter(state=State.ACTIVE, kind=Kind.CARRIER_FREE)
    found = found.filter(last_used_at__lte=used_before) | found.filter(
        last_used_at__isnull=True, issued_at__lte=used_before
    )
    if noticed_before is None:
        found = found.filter(dormant_notice_at__isnull=True)
    else:
        found = found.filter(dormant_notice_at__lte=noticed_before)
    return list(found.order_by("account_id").values_list("account_id", flat=True))


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """A join that waits for a decision."""

    application_id: UUID
    made_at: datetime
    corporate_number: str
    name: str
    person: str
    mail: str


def applications() -> tuple[ApplicationRow, ...]:
    """The review list: what waits for a decision, the oldest first."""
    waiting = Application.objects.filter(decided_at__isnull=True).order_by("made_at", "application_id")
    return tuple(ApplicationRow(*found) for found in waiting.values_list(*ApplicationRow.__slots__))

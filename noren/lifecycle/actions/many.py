"""The life of many accounts at once: the single steps over sets. Each is atomic; its rows were judged and are held."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localtime

from noren.accounts import actions as accounts
from noren.accounts import queries as account_queries
from noren.accounts.actions.many import Deed
from noren.accounts.rules import LockReason, TicketPurpose
from noren.audit import actions as audit
from noren.groups import actions as groups
from noren.groups import queries
from noren.groups.actions import policies
from noren.lifecycle.actions.grouping import leave_any_group
from noren.lifecycle.actions.helping import tell_contact_changed, tell_renamed
from noren.lifecycle.actions.inviting import invitations
from noren.members import memberships
from noren.members import queries as members
from noren.outbox import actions as outbox
from noren.outbox.rules import Channel
from noren.sso import actions as sso

CONTACT = frozenset({"contact_mail", "contact_mobile"})


@transaction.atomic
def issue_many(people: Sequence[Mapping[str, str]], corporation_id: str, deed: Deed) -> None:
    """`issue` for many, from tidy fields as accounts.issue_many takes them. A login id that is taken: IntegrityError.

    Raises UnknownCorporation.
    """
    members.corporation_name(corporation_id)
    account_ids = [one["account_id"] for one in people]
    accounts.issue_many(people, corporation_id, deed)
    joined_on = localtime(deed.now).date() if settings.NOREN_JOIN_WITH_ACCOUNT else None
    memberships.add_accounts(account_ids, corporation_id, joined_on=joined_on)
    if joined_on is not None:
        memberships.join_lines([one["line_id"] for one in people if "line_id" in one], joined_on)
        _record(account_ids, "join", {"on": str(joined_on)}, corporation_id, deed)
    policies.follow(account_ids)


@transaction.atomic
def invite_many(people: Sequence[Mapping[str, str]], corporation_id: str, deed: Deed) -> None:
    """Invite people whose accounts were just issued, given as in `issue_many`, by mail; those without mail are not."""
    corporation = members.corporation_name(corporation_id)
    reached = {one["account_id"]: one for one in people if one.get("contact_mail")}
    tokens = accounts.invite_many(list(reached), TicketPurpose.INVITATION, deed)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            invitation = invitations(corporation, deed.now)
        outbox.letters(
            (
                (Channel.MAIL, one["contact_mail"], *invitation(one["name"], one["login_id"], tokens[key]))
                for key, one in reached.items()
                if one["language"] == language
            ),
            now=deed.now,
        )


@transaction.atomic
def lock_many(account_ids: Sequence[str], reason: LockReason, deed: Deed) -> int:
    """`lock` for many; how many were in use."""
    accounts.hold_accounts(account_ids)
    locked = accounts.lock_many(account_ids, reason, deed)
    sso.end_many(account_ids, now=deed.now)
    return locked


@transaction.atomic
def unlock_many(account_ids: Sequence[str], deed: Deed) -> int:
    """`unlock` for many; how many were locked."""
    accounts.hold_accounts(account_ids)
    return accounts.unlock_many(account_ids, deed)


@transaction.atomic
def abolish_many(account_ids: Sequence[str], deed: Deed, *, release: bool = False) -> int:
    """`abolish` for many; how many lived. `release`: nobody has used them, so that their login ids become free again.

    Raises StillRepresents.
    """
    accounts.hold_accounts(account_ids)
    for account_id in queries.holding(account_ids):
        groups.end_roles(account_id, actor=deed.actor, now=deed.now)
    lines = members.lines(account_queries.lines_of(account_ids))
    leave_any_group([*members.accounts(account_ids), *lines], actor=deed.actor, now=deed.now)
    ended = accounts.abolish_many(account_ids, deed, release=release)
    on = localtime(deed.now).date()
    for corporation_id, left in _by_corporation(memberships.withdraw_accounts(account_ids, on)).items():
        _record(left, "withdraw", {"on": str(on)}, corporation_id, deed)
    sso.end_many(account_ids, now=deed.now)
    return ended


@transaction.atomic
def change_many(changes: Sequence[Mapping[str, str]], deed: Deed) -> None:
    """Other data, contact data and login ids of people, tidy. IntegrityError: a login id is taken.

    Whose contact data change is told so where they were reached until now; whose login id changes, which one it is.
    """
    accounts.hold_accounts([one["account_id"] for one in changes])
    before = account_queries.accounts(one["account_id"] for one in changes if not CONTACT.isdisjoint(one))
    accounts.change_many(changes, deed)
    tell_contact_changed(before, deed.now)
    renamed = [one["account_id"] for one in changes if "login_id" in one]
    if renamed:
        sso.end_many(renamed, now=deed.now)
        tell_renamed(account_queries.accounts(renamed), deed.now)


def _by_corporation(found: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for account_id, corporation_id in found:
        grouped.setdefault(corporation_id, []).append(account_id)
    return grouped


def _record(account_ids: Sequence[str], act: str, detail: Mapping[str, object], scope: str, deed: Deed) -> None:
    entries = (audit.Entry(f"membership.{act}", one, detail, scope=scope, reason=deed.reason) for one in account_ids)
    audit.record_many(entries, actor=deed.actor, now=deed.now)

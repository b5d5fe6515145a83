"""What the other modules of this package share: a locked group, an audit row, a tidy name."""

import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from noren.accounts import queries as accounts
from noren.accounts.queries import AccountRow
from noren.accounts.rules import State
from noren.audit import actions as audit
from noren.groups.actions import refusals
from noren.groups.models import Group, Partner, Unit
from noren.groups.queries import UnknownGroup
from noren.groups.rules import NAME_LENGTH, GroupState
from noren.kit.actor import Actor


def locked(group_id: UUID, *states: GroupState) -> Group:
    """The row, kept from everybody else until the transaction ends. Raises UnknownGroup, WrongState."""
    found = Group.objects.filter(group_id=group_id).select_for_update().first()
    if found is None:
        raise UnknownGroup(_("There is no such group."))
    if GroupState(found.state) not in (states or (GroupState.ACTIVE,)):
        raise refusals.WrongState(
            _("The group %(name)s is %(state)s; this cannot be done with it."), name=found.name, state=found.state
        )
    return found


def corporations(row: Group) -> set[str]:
    """The corporations whose members may be in the group: its own and those that consented."""
    consented = Partner.objects.filter(group=row, consented_at__isnull=False)
    return {row.corporation_id, *consented.values_list("corporation_id", flat=True)}


def unit_of(row: Group, unit_id: UUID | None) -> Unit | None:
    """The group's unit. Raises NotOurs."""
    if unit_id is None:
        return None
    found = Unit.objects.filter(group=row, unit_id=unit_id).first()
    if found is None:
        raise refusals.NotOurs(_("There is no such department or site in the group."))
    return found


def tidy_name(name: str) -> str:
    """Raises BadName."""
    tidy = unicodedata.normalize("NFKC", name).strip()
    if not tidy or len(tidy) > NAME_LENGTH or not tidy.isprintable():
        raise refusals.bad_name()
    return tidy


def record(row: Group, act: str, *, actor: Actor, now: datetime, **told: Any) -> None:
    """One audit row about the group, with the detail, reason, before and after that are told."""
    subject, scope = str(row.group_id), row.corporation_id
    audit.record(actor=actor, act=f"group.{act}", subject=subject, now=now, scope=scope, **told)


def living(account_id: str) -> AccountRow:
    """The account, which has not ended. Raises UnknownAccount, WrongState."""
    found = accounts.account(account_id)
    if found.state is State.ABOLISHED:
        raise refusals.WrongState(_("The account %(login_id)s has ended."), login_id=found.login_id)
    return found

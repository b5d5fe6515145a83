"""A corporation with people in groups, and what its places ask."""

from datetime import datetime
from typing import Any
from uuid import UUID

from noren.accounts.models import Account
from noren.accounts.policy import Settings
from noren.groups import actions as groups
from noren.groups.rules import PolicyPlace
from noren.lifecycle import actions as lifecycle
from tests.cast import ENGINEER
from tests.lifecycle import cast

NOW = cast.NOW
KITA = PolicyPlace(corporation_id="C1")


def group(name: str, leader: str) -> UUID:
    """A group of C1 without members; its representative holds a role in it."""
    return groups.create(corporation_id="C1", name=name, representative=leader, actor=ENGINEER, now=NOW)


def of_group(group_id: UUID) -> PolicyPlace:
    return PolicyPlace(group_id=str(group_id))


def ask(place: PolicyPlace, now: datetime = NOW, grace_until: datetime | None = None, **settings: Any) -> None:
    """The place asks this from now on, or from the end of the period of grace on."""
    groups.set_policy(place, Settings(**settings), grace_until=grace_until, actor=ENGINEER, now=now)


def join(group_id: UUID, *account_ids: str) -> None:
    lifecycle.join_group(group_id, account_ids=account_ids, actor=ENGINEER, now=NOW)


def leave(group_id: UUID, *account_ids: str) -> None:
    lifecycle.leave_group(group_id, account_ids=account_ids, actor=ENGINEER, now=NOW)


def policy_id(account_id: str) -> str | None:
    return Account.objects.get(account_id=account_id).policy_id

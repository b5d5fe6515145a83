"""Two corporations with lines, people with and without lines, and points to bring along."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from noren.groups import queries
from noren.kit.errors import Refusal
from noren.lifecycle import actions
from noren.members import queries as members
from noren.points import actions as points
from noren.points import queries as balances
from noren.points.rules import LotKey, WalletKey
from tests.cast import ENGINEER
from tests.lifecycle.cast import NOW, issue

WHO: Any = {"actor": ENGINEER, "now": NOW}
LATER: Any = {"actor": ENGINEER, "now": NOW + timedelta(hours=1)}
TODAY = date(2021, 8, 10)
LOT = LotKey("normal", is_limited=False, uses="*", lapses_on=date(2999, 5, 31))


def refused(act: Callable[[], object]) -> str:
    """The code of the no."""
    with pytest.raises(Refusal) as told:
        act()
    return told.value.code


def person(login_id: str, **more: Any) -> str:
    """An account in use."""
    return issue(login_id, active=True, contact_mail=f"{login_id}@example.jp", **more)


def give(member_id: str, count: int = 100, key: str = "give") -> None:
    """Points for a line or an account."""
    member = members.member(member_id)
    wallet = WalletKey(member.uid, member.kind, member.member_id)
    points.grant(wallet=wallet, lot=LOT, points=count, on=TODAY, key=key, reason="test", **WHO)


def held(wallet_id: UUID) -> int:
    """What a wallet has."""
    return balances.balance(wallet_id, TODAY).total


def uid(member_id: str) -> UUID:
    """The member's uid, which is its wallet."""
    return members.member(member_id).uid


def a_group(leader: str, name: str = "Sales", corporation_id: str = "C1") -> UUID:
    """A group of the corporation."""
    return actions.create_group(corporation_id=corporation_id, name=name, representative=leader, **WHO)


def inside(*member_ids: str) -> list[bool]:
    """Whether each is in some group."""
    found = queries.groups_of(map(uid, member_ids))
    return [uid(member_id) in found for member_id in member_ids]

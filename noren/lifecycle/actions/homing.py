"""Points that come back (an order is cancelled, goods are returned, a bill refuses them) go to the wallet they left.

Meanwhile that may be nobody's any more: its member's points go into a pool now, or the group was dissolved.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from noren.kit import sql
from noren.kit.actor import Actor
from noren.lifecycle.actions.grouping import pool_points
from noren.members import queries as members
from noren.members.rules import MemberKind
from noren.points import actions as points
from noren.points import queries as balances
from noren.points.rules import WalletKey


def bring_home(*, actor: Actor, now: datetime) -> int:
    """Points of members who are pooled now go into their pool, those of dissolved groups to whom the others went.

    Gives how many wallets were looked at. One transaction for each group. To be called when a month was closed.
    """
    strayed = sql.rows(lambda *row: row, "lifecycle", "strayed_members.sql")
    for group_id, uids in strayed:
        with transaction.atomic():
            pool_points(group_id, uids, actor, now, reason="came back")
    pools = sql.rows(lambda *row: row, "lifecycle", "strayed_pools.sql")
    for group_id, heir in pools:
        with transaction.atomic():
            _to_heir(group_id, members.accounts([heir]), actor, now)
    return sum(len(uids) for _group_id, uids in strayed) + len(pools)


def _to_heir(group_id: UUID, heirs: Iterable[members.Member], actor: Actor, now: datetime) -> None:
    today = localtime(now).date()
    for heir in heirs:
        if balances.balance(group_id, today).spendable > 0:
            points.transfer(
                source_id=group_id,
                target=WalletKey(heir.uid, MemberKind.ACCOUNT, heir.member_id),
                on=today,
                actor=actor,
                now=now,
                key=f"group.heir/{now.isoformat()}",
                reason="came back after the group was dissolved",
            )

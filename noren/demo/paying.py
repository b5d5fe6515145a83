"""Points that the demo's group uses for bills, once and every month; the billing system has answered for one month."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from noren.accounts import queries as accounts
from noren.closing.actions import Door
from noren.demo import billing
from noren.groups import queries as groups
from noren.kit import duck
from noren.kit.actor import Actor, ActorKind
from noren.kit.errors import Refusal
from noren.kit.months import month_text
from noren.members.rules import MemberKind
from noren.spending import actions, queries
from noren.spending.rules import JAPAN

ONCE, EVERY_MONTH, LINES = 120, 80, 3


def use_points(login_id: str, month: date) -> None:
    """In the middle of the month the person uses points of their group: for some lines once, for others every month.

    What is there already is left, and what the pool does not have is not used.
    """
    account = accounts.named(login_id)
    group = groups.group_of(account.account_id)
    if group is None:
        return
    lines = [one for one in groups.members_of(group.group_id) if one.kind is MemberKind.LINE]
    now = datetime.combine(month + timedelta(days=14), time(12), JAPAN)
    who: dict[str, Any] = {
        "wallet_id": group.group_id,
        "actor": Actor(ActorKind.MEMBER, account.account_id),
        "now": now,
    }
    for target in lines[:LINES]:
        with suppress(Refusal):
            actions.allocate(target=target, amount=ONCE, key=f"demo/{month}/{target.uid}", **who)
    for target in lines[LINES : 2 * LINES]:
        with suppress(Refusal):
            actions.set_standing(target=target, amount=EVERY_MONTH, since=month, **who)


def answer(door: Door, month: date) -> None:
    """The billing system answers what was handed over for the month; what it said before it says again."""
    with duck.connect(door.home / "scratch") as (connection, folder):
        for made in queries.handovers(month):
            handed = actions.write_files(connection, made, home=door.home, folder=folder)
            told = door.home / "demo" / f"answer-{month_text(month)}-{made.number:04}.csv"
            billing.answer(connection, folder, handover=handed, out=told, seed=made.number)
            actions.take_answer(
                connection,
                folder,
                path=told,
                home=door.home,
                actor=door.actor,
                now=door.clock(),
                progress=door.progress,
            )

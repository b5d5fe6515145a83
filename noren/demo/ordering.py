"""Orders of the demo's people, in every state: some answered by their partners, one handed over, one that waits."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from noren.accounts import actions as accounts
from noren.accounts import queries as account_queries
from noren.closing.actions import Door
from noren.demo import fulfilling
from noren.groups import queries as groups
from noren.kit import duck
from noren.kit.errors import Refusal
from noren.members import queries as members
from noren.orders import actions, queries, rules
from noren.orders.actions import Wish
from noren.orders.queries import HandoverRow
from noren.orders.rules import Address

HERE = Address("総務部", "1000005", "東京都", "千代田区丸の内", "1-1-1", "0300000000")
MODEL = "P-01A"

Asked = tuple[tuple[str, int], ...]
LEADERS: Asked = (("usb-c-hub", 1), ("coffee-gift", 1))
WORKERS: Asked = (("phone-battery", 1), ("disaster-relief", 200))
LATER: Asked = (("disaster-relief", 300),)
CANCELLED: Asked = (("coffee-gift", 2),)
ANSWERED, SILENT = {"parts": 32, "gifts": 1}, "relief"
"""Partners: those that answer, with the seed of what they say, and one that does not."""


def populate(door: Door, *, leader: str, worker: str) -> None:
    """Who leads a group orders with its points, the worker with those of their line.

    What is there already is left, and what they have too few points for is not ordered.
    """
    if queries.handovers():
        return
    now = door.clock()
    with transaction.atomic():
        _order(leader, LEADERS, now - timedelta(days=5))
        _order(worker, WORKERS, now - timedelta(days=5, hours=-1))
        for partner in (*ANSWERED, SILENT):
            made = actions.hand_over(partner, actor=door.actor, now=now - timedelta(days=4))
            if made is not None:
                _answer(door, made, now - timedelta(days=2))
        _order(leader, LATER, now - timedelta(hours=3))
        for number in _order(leader, CANCELLED, now - timedelta(hours=2)):
            herself = accounts.herself(account_queries.named(leader).account_id)
            actions.cancel(number, actor=herself, now=now - timedelta(hours=1))


def _order(login_id: str, asked: Asked, now: datetime) -> list[str]:
    """What of it could be ordered."""
    account_id = account_queries.named(login_id).account_id
    group = groups.group_of(account_id)
    lines = members.lines(account_queries.line_ids(account_id))
    target = next(iter(lines), None) or members.member(f"account:{account_id}")
    made = []
    for code, quantity in asked:
        item = queries.item(code, now.date())
        price = rules.price(item, now.date()) * quantity
        with suppress(Refusal):
            number = actions.place(
                Wish(target, code, quantity, price, MODEL if item.not_for else "", HERE),
                wallet_id=group.group_id if group else target.uid,
                account_id=account_id,
                spenders=(f"account:{account_id}",) if group else (),
                key=f"demo/{now}/{code}",
                actor=accounts.herself(account_id),
                now=now,
            )
            made.append(number)
    return made


def _answer(door: Door, made: HandoverRow, now: datetime) -> None:
    """Write the file for the partner; one that answers has its answer taken in."""
    handed = actions.write_file(made, home=door.home)
    if made.partner not in ANSWERED:
        return
    with duck.connect(door.home / "scratch") as (connection, folder):
        told = door.home / "demo" / f"answer-{handed.name}"
        fulfilling.answer(connection, folder, handover=handed, out=told, seed=ANSWERED[made.partner])
        actions.take_answer(
            connection,
            folder,
            partner=made.partner,
            path=told,
            home=door.home,
            actor=door.actor,
            now=now,
            progress=door.progress,
        )

"""A shop: a corporation with two lines and a person, a catalogue, and points."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from noren.members import queries as members
from noren.orders import actions, queries
from noren.orders.actions import Wish
from noren.orders.models import Taken
from noren.orders.queries import OrderRow
from noren.orders.rules import Address, OrderState
from noren.points.rules import LotKey
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.members.desk import Desk
from tests.spending.desk import NOW, give

CATALOGUE = """
[[items]]
code = "hub"
use = "accessories"
title = { ja = "ハブ", en = "Hub" }
text = { ja = "", en = "" }
partner = "parts"
delivered = true
stocked = true
limits = { member_year = 20 }
since = 2021-07-01
prices = [{ since = 2021-07-01, points = 100 }, { since = 2021-09-01, points = 120 }]

[[items]]
code = "battery"
use = "battery"
title = { ja = "電池", en = "Battery" }
text = { ja = "", en = "" }
partner = "parts"
line = true
not_for = ["iPhone"]
limits = { per_line_year = 1, group_year = 5 }
since = 2021-07-01
until = 2021-12-31
prices = [{ since = 2021-07-01, points = 50 }]

[[items]]
code = "gift"
use = "donation"
title = { ja = "寄付", en = "Gift" }
text = { ja = "", en = "" }
partner = "relief"
final = true
least = 100
step = 100
most = 100_000
since = 2021-07-01
prices = [{ since = 2021-07-01, points = 1 }]

[[items]]
code = "tea"
use = "goods"
title = { ja = "お茶", en = "Tea" }
text = { ja = "", en = "" }
partner = "gifts"
since = 2021-07-01
prices = [{ since = 2021-07-01, points = 10 }]
"""

LIMITED = LotKey("limited", True, "bill donation", date(2022, 1, 31))
ONLY_NORMAL = CATALOGUE.replace('use = "donation"', 'use = "donation"\nkinds = ["normal"]')

HOME = Address("山田花子", "1000001", "東京都", "千代田区", "千代田1-1", "0312345678")


def open_shop(desk: Desk) -> None:
    """C1 with L1 and L2, a catalogue with ten hubs, 5,000 points for L1."""
    cast.corporations(desk)
    load(desk.folder)
    actions.set_stock("hub", 10, actor=ENGINEER, now=NOW)
    give("L1", 5000)


def load(folder: Path, text: str = CATALOGUE) -> None:
    """Take a catalogue into use."""
    path = folder / "catalogue.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    actions.load(path, actor=ENGINEER, now=NOW)


def wish(code: str = "hub", quantity: int = 1, points: int = 100, *, for_: str = "L1", **more: Any) -> Wish:
    """Something for a line or account."""
    address = {"address": HOME} if code == "hub" else {}
    return Wish(members.member(for_), code, quantity, points, **{**address, **more})


def place(wished: Wish, *, key: str = "a", payer: UUID | None = None, account_id: str = "", now: Any = NOW) -> str:
    """Order it with the points of who gets it."""
    return actions.place(
        wished,
        wallet_id=payer or wished.target.uid,
        account_id=account_id,
        key=key,
        actor=ENGINEER,
        now=now,
    )


def states(number: str) -> list[OrderState]:
    """What an order has gone through."""
    row = order(number)
    return [step.state for step in queries.steps(row.wallet_id, row.order_id)]


def order(number: str) -> OrderRow:
    """The order, whoever made it."""
    return queries.named(number)


def taken(code: str, *holders: str) -> list[int]:
    """How many were counted for each holder in the programme year of 2021."""
    found = Taken.objects.filter(holder__in=holders, code=code, year=2021).values_list("holder", "quantity")
    return [dict(found).get(holder, 0) for holder in holders]


SHIPPED = "order_number,state,tracking,note\n"


def sent(partner: str = "parts") -> int:
    """Hand over what waits for a partner."""
    made = actions.hand_over(partner, actor=ENGINEER, now=NOW)
    assert made is not None
    return made.orders


def answer(desk: Desk, *rows: str, partner: str = "parts") -> dict[str, Any]:
    """Take in what a partner says; read, rejected, again, changed."""
    path = desk.folder / "answer.csv"
    path.write_text(SHIPPED + "\n".join(rows) + "\n", encoding="utf-8")
    done = desk.place.noren("order", "answer", partner, path, "--json")
    told: dict[str, Any] = json.loads(done.stdout)
    return told

"""The demo's orders and the partners that answer: the same seed, the same answer; every state is there."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from noren.closing.actions import Door
from noren.demo import ordering
from noren.demo.actions import CATALOGUE
from noren.kit.progress import silent
from noren.lifecycle import actions as lifecycle
from noren.orders import actions, queries
from noren.orders.rules import OrderState
from tests import servers
from tests.cast import ENGINEER
from tests.conftest import Place
from tests.lifecycle import cast
from tests.members.desk import Desk
from tests.shelf import filled
from tests.spending.desk import give

NOW = datetime(2021, 8, 20, 3, 0, tzinfo=UTC)
HEAD = (
    "order_number,item,title,quantity,name,postal_code,prefecture,city,street,phone,"
    "line_phone_number,phone_model,ordered_at\n"
)


def test_the_same_seed_gives_the_same_answer(place: Place, tmp_path: Path) -> None:
    handover, out = tmp_path / "handover.csv", tmp_path / "answer.csv"
    far, near = "hub,,1,A,1000001,B,C,D,0312345678,,,2021-08-01T12:00:00", "gift,,1,,,,,,,,,2021-08-01T12:00:00"
    rows = [f"N{n},{near if n % 2 else far}\n" for n in range(100)]
    handover.write_text(HEAD + "".join(rows))
    answers = []
    for seed in (1, 1, 2):
        place.noren("demo", "partner", handover, "--out", out, "--seed", seed)
        answers.append(out.read_bytes())
    assert (answers[0] == answers[1], answers[0] == answers[2]) == (True, False)
    told = list(csv.DictReader(answers[0].decode().splitlines()))
    assert [row["order_number"] for row in told] == [f"N{n}" for n in range(100)]
    assert {
        (int(row["order_number"][1:]) % 2, row["state"], bool(row["tracking"]), bool(row["note"])) for row in told
    } == {
        (0, "shipped", True, False),
        (1, "delivered", False, False),
        (0, "refused", False, True),
        (1, "refused", False, True),
    }


def fill(desk: Desk) -> None:
    """A leader of a group with 9,000 points, a worker with a line and 2,000, the demo's catalogue and stock."""
    cast.corporations(desk)
    actions.load(CATALOGUE, actor=ENGINEER, now=NOW)
    for code in ("usb-c-hub", "coffee-gift"):
        actions.set_stock(code, 10, actor=ENGINEER, now=NOW)
    give("L2", 9000)
    give("L1", 2000)
    leader = cast.active("leader@example.jp", lines=["L2"])
    cast.active("worker@example.jp", lines=["L1"])
    lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, actor=ENGINEER, now=NOW)


@pytest.fixture
def desk(server: servers.Server, tmp_path: Path) -> Iterator[Desk]:
    with filled(server, tmp_path, fill) as made:
        yield made
        made.place.noren("verify")


def populate(desk: Desk) -> None:
    door = Door(desk.place.home, ENGINEER, lambda: NOW, silent, slice_wallets=100)
    ordering.populate(door, leader="leader@example.jp", worker="worker@example.jp")


def orders() -> dict[tuple[str, int], str]:
    return {(row.code, row.quantity): row.state for row in queries.every(list(OrderState), 100)}


def test_the_demos_people_have_orders_in_every_state(desk: Desk) -> None:
    populate(desk)
    made = {
        ("usb-c-hub", 1): "refused",
        ("coffee-gift", 1): "shipped",
        ("phone-battery", 1): "shipped",
        ("disaster-relief", 200): "sent",
        ("disaster-relief", 300): "ordered",
        ("coffee-gift", 2): "cancelled",
    }
    assert orders() == made
    populate(desk)
    assert orders() == made, "what is there is left"
    handover, out = desk.place.home / "orders" / "orders-relief-000003.csv", desk.folder / "answer.csv"
    desk.place.noren("demo", "partner", handover, "--out", out)
    desk.place.noren("order", "answer", "relief", out)
    assert orders()["disaster-relief", 200] == "delivered"

"""Killed while a catalogue is loaded or orders are handed over, written, answered: nothing is lost or done twice."""

import csv
import random
import threading
from functools import partial
from pathlib import Path

import pytest
from django.db import connections

from noren.orders import actions, queries
from noren.orders.rules import OrderState
from noren.points import actions as points
from tests import soak
from tests.cast import ENGINEER
from tests.members.desk import Desk
from tests.orders.shop import CATALOGUE, place, wish
from tests.spending.desk import LATE, NOW, held, stands, uid
from tests.spending.test_killed import alone, asked, begin, killed, killed_before_the_end

ORDERS = 60
ROUNDS = soak.many(2, 20)


@pytest.fixture
def numbers(desk: Desk) -> list[str]:
    """Orders of tea that wait for the partner."""
    del desk
    return [place(wish("tea", 1, 10), key=f"tea/{number}") for number in range(ORDERS)]


def more(desk: Desk, statement: str, before: int) -> bool:
    return asked(desk, statement) > before


def files(desk: Desk) -> list[Path]:
    return sorted((desk.place.home / "orders").glob("*")) if (desk.place.home / "orders").exists() else []


def test_orders_are_handed_over_once_and_a_file_is_whole_or_not_there(desk: Desk, numbers: list[str]) -> None:
    chance, hit = random.Random(5), 0
    for _round in range(ROUNDS):
        process = begin(desk, "order", "hand-over", "gifts")
        hit += killed(process, lambda: True, 0.5 + chance.random() * 0.8)
        assert asked(desk, "SELECT count(*) FROM orders_order WHERE state = 'sent'") in {0, ORDERS}
        assert all(
            path.name.startswith(".") or len(path.read_text().splitlines()) == ORDERS + 1 for path in files(desk)
        )
    alone(desk).place.noren("order", "hand-over", "gifts")
    desk.place.noren("order", "write", "1")
    assert [(row.number, row.orders) for row in queries.handovers()] == [(1, ORDERS)]
    [path] = [path for path in files(desk) if not path.name.startswith(".")]
    with path.open(encoding="utf-8", newline="") as lines:
        assert {row["order_number"] for row in csv.DictReader(lines)} == set(numbers)
    assert hit


def test_an_answer_that_was_killed_goes_on_where_it_was(desk: Desk, numbers: list[str]) -> None:
    actions.hand_over("gifts", actor=ENGINEER, now=NOW)
    path = desk.folder / "answer.csv"
    told = [f"{number},{'refused' if place_ % 3 == 0 else 'delivered'},," for place_, number in enumerate(numbers)]
    path.write_text("\n".join(["order_number,state,tracking,note", *told, ""]), encoding="utf-8")
    done = "SELECT count(*) FROM orders_order WHERE state IN ('refused', 'delivered')"
    hit, chance = 0, random.Random(7)
    for _round in range(ROUNDS):
        before = asked(desk, done)
        process = begin(desk, "order", "answer", "gifts", path)
        hit += killed(process, partial(more, desk, done, before), chance.random() * 0.05)
    alone(desk).place.noren("order", "answer", "gifts", path)
    refused = ORDERS // 3
    assert asked(desk, done) == ORDERS
    assert (stands("reserved/goods"), stands("used/goods")) == (0, 10 * (ORDERS - refused))
    assert held("L1") == {LATE: 5000 - 10 * (ORDERS - refused)}
    assert asked(desk, "SELECT count(*) FROM orders_step") == 3 * ORDERS
    assert hit


def test_a_database_that_dies_leaves_whole_orders(desk: Desk) -> None:
    """Its connections end in the middle of orders: each order has its points, or there is none."""
    stop = threading.Event()

    def buy(shopper: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                place(wish("tea", 1, 10), key=f"{shopper}/{number}")
            except points.InsufficientPoints:
                break
            except Exception:  # noqa: BLE001  (whatever a broken connection raises)
                connections.close_all()
        connections.close_all()

    shoppers = [threading.Thread(target=buy, args=[shopper]) for shopper in range(4)]
    for thread in shoppers:
        thread.start()
    for _time in range(soak.many(10, 100)):
        asked(
            desk,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in%'",
        )
        stop.wait(0.05)
    stop.set()
    for thread in shoppers:
        thread.join()
    made = queries.every(list(OrderState), 10_000)
    assert stands("reserved/goods") == 10 * len(made)
    assert held("L1").get(LATE, 0) == 5000 - 10 * len(made)
    assert asked(desk, "SELECT count(*) FROM spending_reservation") == len(made)
    assert uid("L1") in {row.wallet_id for row in made}


def test_a_killed_catalogue_is_in_use_as_a_whole_or_not_at_all(desk: Desk) -> None:
    """Its items, their stock and their pictures."""
    path = desk.folder / "new.toml"
    cup = (
        CATALOGUE[: CATALOGUE.index("[[items]]", 5)]
        .replace('"hub"', '"cup"')
        .replace("stocked", 'picture = "cup.svg"\nstocked')
    )
    path.write_text(CATALOGUE + cup, encoding="utf-8")
    (desk.folder / "cup.svg").write_text("<svg/>", encoding="utf-8")
    before = queries.catalogue(), queries.stock()
    records = asked(desk, "SELECT count(*) FROM audit_record")
    killed_before_the_end(desk, "catalogue", "load", path)
    assert (queries.catalogue(), queries.stock()) == before
    assert queries.picture("cup.svg") is None
    assert asked(desk, "SELECT count(*) FROM audit_record") == records
    desk.place.noren("catalogue", "load", path)
    assert [item.code for item in queries.catalogue().items] == ["hub", "battery", "gift", "tea", "cup"]
    assert queries.stock() == {"hub": 10, "cup": 0}
    assert queries.picture("cup.svg") is not None
    assert asked(desk, "SELECT count(*) FROM audit_record") == records + 1

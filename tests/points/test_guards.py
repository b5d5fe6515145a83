"""What the database itself refuses: changes of what was posted, and sums that cannot be."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import IntegrityError

from tests.conftest import Place
from tests.points.books import NORMAL, ON, as_owner, back, give, move, post, use, wallet_id

APPEND_ONLY = ("posting", "entry", "programme_entry", "origin", "idempotency")


@pytest.fixture
def app(place: Place) -> Iterator[psycopg.Connection]:
    """A plain connection as the application's role, to books with a row in every table."""
    give(1, 100)
    back(1, use(1, 10).posting_id)
    move(1, 2, 50)
    with psycopg.connect(place.server.conninfo(place.database, "noren_app"), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE points_{} SET wallet_id = wallet_id",
        "DELETE FROM points_{}",
        "TRUNCATE points_{}",
        "DROP TABLE points_{}",
    ],
)
def test_what_was_posted_cannot_be_changed(app: psycopg.Connection, table: str, statement: str) -> None:
    [count] = app.execute(f"SELECT count(*) FROM points_{table}").fetchone() or (0,)
    assert count > 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.format(table))


def test_a_partition_is_no_way_around(app: psycopg.Connection) -> None:
    for statement in ("UPDATE {} SET points = 1", "DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement.format(f"points_entry_{ON:%Y_%m}"))


@pytest.mark.parametrize("table", ["wallet", "lot"])
def test_wallets_and_lots_cannot_be_removed(app: psycopg.Connection, table: str) -> None:
    for statement in (f"DELETE FROM points_{table}", f"TRUNCATE points_{table}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE points_wallet SET arrears = -1", "points_wallet_arrears_not_negative"),
        ("UPDATE points_wallet SET points = -1", "points_wallet_not_below_its_arrears"),
        ("UPDATE points_lot SET used = -1, remaining = granted + 1", "points_lot_not_negative"),
        ("UPDATE points_lot SET granted = granted + 1", "points_lot_adds_up"),
        ("UPDATE points_lot SET is_open = NOT is_open", "points_lot_open_while_points_remain"),
    ],
)
def test_sums_that_cannot_be_are_refused(app: psycopg.Connection, statement: str, constraint: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        app.execute(statement)
    assert refused.value.diag.constraint_name == constraint


def test_an_entry_moves_points(place: Place) -> None:
    del place
    give(1, 100)
    with pytest.raises(IntegrityError, match="points_entry_moves_points"):
        as_owner("UPDATE points_entry SET points = 0")


def test_functions_take_no_negative_amount(app: psycopg.Connection) -> None:
    operation = "ROW(gen_random_uuid(), 'k', '', '2021-08-10', now(), '', '')::points_operation"
    with pytest.raises(psycopg.errors.CheckViolation, match="points_amount"):
        app.execute(f"SELECT points_spend(%s, {operation}, -5, 'bill')", [wallet_id(1)])


def test_only_the_application_makes_months(place: Place) -> None:
    as_owner("DROP ROLE IF EXISTS points_stranger")
    as_owner("CREATE ROLE points_stranger LOGIN")
    with (
        psycopg.connect(place.server.conninfo(place.database, "points_stranger"), autocommit=True) as stranger,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        stranger.execute("SELECT points_ensure_month('2021-08-10')")


def test_a_slice_is_a_list_of_points_above_zero(place: Place) -> None:
    del place
    with pytest.raises(IntegrityError, match="points_delta_not_zero"):
        post("c1", {1: 0}, clearing=False)
    with pytest.raises(ValueError, match="no list of points above 0"):
        post("c1", {1: -5}, clearing=False)
    with pytest.raises(ValueError, match="no list of points above 0"):
        post("c1", {1: 5, 3: 5}, NORMAL, bounds=(wallet_id(0), wallet_id(2)), clearing=False)

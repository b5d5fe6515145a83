"""Whoever has the application's login adds rows and links, and can do nothing else with them."""

from collections.abc import Iterator

import psycopg
import pytest

from noren.audit import actions
from tests.audit import books
from tests.audit.books import Connection
from tests.conftest import Place


@pytest.fixture
def app(place: Place) -> Iterator[Connection]:
    books.write(3)
    actions.seal()
    with books.app(place, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET actor = actor",
        "DELETE FROM audit_record",
        "TRUNCATE audit_record",
        "DROP TABLE audit_record",
        "ALTER TABLE audit_record DISABLE TRIGGER ALL",
        "UPDATE audit_link SET hash = hash",
        "DELETE FROM audit_link",
        "TRUNCATE audit_link",
        "DROP TABLE audit_link",
        "DELETE FROM audit_mark",
        "INSERT INTO audit_mark VALUES ('1')",
        "INSERT INTO audit_record (subject, entered) VALUES ('c', '1')",
        "INSERT INTO audit_record (subject, place) OVERRIDING SYSTEM VALUE VALUES ('c', 1)",
        "COPY audit_record FROM STDIN",
    ],
)
def test_nothing_is_changed_and_the_order_is_the_databases(app: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.encode())


@pytest.mark.parametrize("table", ["audit_record", "audit_link"])
def test_both_tables_are_for_adding_and_reading_alone(app: Connection, table: str) -> None:
    found = app.execute(
        "SELECT DISTINCT privilege_type FROM information_schema.column_privileges"
        " WHERE table_name = %s AND grantee = 'noren_app'",
        [table],
    ).fetchall()
    assert {name for (name,) in found} == {"SELECT", "INSERT"}


def test_a_link_is_given_once(app: Connection) -> None:
    for statement in (
        "INSERT INTO audit_link VALUES (1, gen_random_uuid(), sha256('x'))",
        "INSERT INTO audit_link SELECT 99, record_id, hash FROM audit_link LIMIT 1",
    ):
        with pytest.raises(psycopg.errors.UniqueViolation):
            app.execute(statement)


@pytest.mark.parametrize("column", ["before", "after"])
def test_what_was_before_and_after_is_named_by_field(app: Connection, column: str) -> None:
    statement = f"INSERT INTO audit_record (booked_at, actor, act, subject, {column}) VALUES (now(), '', '', '', '[1]')"
    with pytest.raises(psycopg.errors.CheckViolation, match=f"audit_record_{column}_is_object"):
        app.execute(statement.encode())

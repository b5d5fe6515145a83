"""What is kept of the counter: verify compares quotes, receipts and books; quotes of which nothing came go."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import Error, connection, transaction
from django.test import Client

from noren.cli import arguments
from noren.counter import actions, queries
from noren.counter.models import Quote, Receipt
from noren.lifecycle import actions as lifecycle
from tests.admin_site.people import who
from tests.counter.shop import bring_back, left, quoted, sold, uid
from tests.members.desk import Desk
from tests.points.books import as_owner

POINTS, RECEIPTS = "counter.not_their_points", "counter.not_their_receipts"
FAULTS = {
    "a receipt says less than was taken": (
        "UPDATE counter_receipt SET points = points - 1 WHERE kind = 'sale'",
        "UPDATE counter_receipt SET points = points + 1 WHERE kind = 'sale'",
        {POINTS, RECEIPTS},
    ),
    "a receipt says that more came back": (
        "UPDATE counter_receipt SET points = points + 1 WHERE kind = 'credit'",
        "UPDATE counter_receipt SET points = points - 1 WHERE kind = 'credit'",
        {POINTS, RECEIPTS},
    ),
    "more of the price came back than its share of points": (
        "UPDATE counter_receipt SET yen = yen + 100 WHERE kind = 'credit'",
        "UPDATE counter_receipt SET yen = yen - 100 WHERE kind = 'credit'",
        {RECEIPTS},
    ),
    "a paid quote is open again": (
        "UPDATE counter_quote SET state = 'open', consent = '', ended_at = NULL, signature = NULL WHERE state = 'paid'",
        "UPDATE counter_quote SET state = 'paid', consent = 'pin', ended_at = now() WHERE price = 900",
        {RECEIPTS},
    ),
    "a quote is paid by nobody": (
        "UPDATE counter_quote SET state = 'paid', consent = 'pin', ended_at = now() WHERE price = 800",
        "UPDATE counter_quote SET state = 'open', consent = '', ended_at = NULL WHERE price = 800",
        {RECEIPTS},
    ),
    "a quote was for other points": (
        "UPDATE counter_quote SET points = points - 1 WHERE price = 900",
        "UPDATE counter_quote SET points = points + 1 WHERE price = 900",
        {RECEIPTS},
    ),
    "a return has no receipt": (
        "CREATE TABLE kept AS SELECT * FROM counter_receipt; DELETE FROM counter_receipt WHERE kind = 'credit'",
        "INSERT INTO counter_receipt SELECT * FROM kept WHERE kind = 'credit'",
        {POINTS},
    ),
    "the books say another sum": (
        "UPDATE points_posting SET points = points + 1 WHERE natural_key LIKE '%/counter/%' AND movement = 'spend'",
        "UPDATE points_posting SET points = points - 1 WHERE natural_key LIKE '%/counter/%' AND movement = 'spend'",
        {POINTS},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_verify_sees_what_does_not_agree(client: Client, desk: Desk, fault: str) -> None:
    bring_back(client, sold(client, price_1=900), 300)
    quoted(client)
    assert queries.findings() == []
    falsified, restored, codes = FAULTS[fault]
    as_owner(falsified)
    found = {one.code: one.rows for one in queries.findings()}
    assert set(found) == codes
    assert all(len(rows) == 1 for rows in found.values())
    told = desk.place.noren("verify", check=False)
    assert (told.returncode, all(code in told.stdout for code in codes)) == (1, True)
    as_owner(restored)


def test_what_comes_back_after_another_name_agrees_with_the_books(client: Client, desk: Desk) -> None:
    sale = sold(client, price_1=900)
    lifecycle.change_name("hanako", "C2", **who())
    bring_back(client, sale, 300)
    assert left(uid("L1")) == 0
    desk.place.noren("verify")


def test_quotes_of_which_nothing_came_are_removed_after_a_time(client: Client) -> None:
    paid, open_, cancelled = sold(client), quoted(client), quoted(client)
    client.post(f"/desk/quotes/{cancelled}/cancel/")
    assert kept() == {paid, open_, cancelled}
    actions.tidy(arguments.clock() + timedelta(days=179))
    assert kept() == {paid, open_, cancelled}
    actions.tidy(arguments.clock() + timedelta(days=181))
    assert kept() == {paid}
    assert Receipt.objects.count() == 1


def test_nothing_removes_a_quote_that_has_a_receipt(client: Client) -> None:
    quote_id = sold(client)
    with pytest.raises(Error, match="foreign key"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM counter_quote")
    as_owner("UPDATE counter_quote SET state = 'open', consent = '', ended_at = NULL, signature = NULL")
    actions.tidy(arguments.clock() + timedelta(days=181))
    assert kept() == {quote_id}
    as_owner("UPDATE counter_quote SET state = 'paid', consent = 'pin', ended_at = now()")


def kept() -> set[UUID]:
    return set(Quote.objects.values_list("quote_id", flat=True))

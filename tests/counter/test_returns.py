"""What was bought comes back, in part or whole; receipts as PDF, for the shop and the member."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from noren.accounts import actions as accounts
from noren.cli import arguments
from noren.counter import queries
from noren.counter.models import Receipt
from noren.counter.rules import ReceiptKind
from noren.groups import queries as groups
from noren.lifecycle import actions as lifecycle
from noren.member_site import views
from noren.points import queries as books
from tests.admin_site.people import at_desk, text, who
from tests.counter.shop import alerts, bring_back, clerk, left, lots, quoted, sold, state, uid
from tests.members.desk import Desk


def pdf(client: Client, path: str) -> bytes:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return bytes(answer.content)


def read(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def numbers(quote_id: UUID) -> list[int]:
    return list(Receipt.objects.filter(quote_id=quote_id).order_by("number").values_list("number", flat=True))


def test_a_part_gives_back_its_share_to_the_lots_it_came_from_the_last_first(client: Client) -> None:
    quote_id = sold(client)
    assert lots(uid("L1")) == [500, 0, 700]
    assert bring_back(client, quote_id, 400).status_code == 302
    assert lots(uid("L1")) == [500, 0, 850]
    assert bring_back(client, quote_id, 400).status_code == 302
    assert lots(uid("L1")) == [500, 100, 900]
    page = text(client.get(f"/desk/quotes/{quote_id}/"))
    assert page.count(f"/desk/quotes/{quote_id}/receipts/") == 6
    assert "It comes back" not in page


def test_what_comes_back_to_a_lapsed_lot_lapses_with_the_next_expiry(client: Client, desk: Desk) -> None:
    quote_id = sold(client, points=100)
    later = arguments.clock().date() + timedelta(days=40)
    desk.place.noren("expire", "--as-of", later)
    bring_back(client, quote_id, 800)
    assert lots(uid("L1"))[1:] == [100, 900]
    desk.place.noren("expire", "--as-of", later + timedelta(days=1))
    assert lots(uid("L1"))[1:] == [0, 900]


def test_the_same_form_is_one_return(client: Client) -> None:
    quote_id, key = sold(client), uuid4()
    assert [bring_back(client, quote_id, 400, key=key).status_code for _time in range(2)] == [302, 302]
    assert "sent before" in alerts(bring_back(client, quote_id, 300, key=key))
    assert left(uid("L1")) == 850
    assert len(numbers(quote_id)) == 2


@pytest.mark.parametrize(
    ("yen", "reason", "told"),
    [(801, "x", "1 and 800"), (0, "x", "greater than or equal to 1"), (10, " ", "required"), (10, "x" * 201, "200")],
)
def test_a_wrong_return_is_told(client: Client, yen: int, reason: str, told: str) -> None:
    quote_id = sold(client)
    assert told in alerts(bring_back(client, quote_id, yen, reason=reason))
    assert left(uid("L1")) == 700


def test_a_part_too_small_for_a_point_gives_back_none_and_the_rest_all(client: Client) -> None:
    quote_id = sold(client, points=1)
    bring_back(client, quote_id, 799)
    assert left(uid("L1")) == 999
    bring_back(client, quote_id, 1)
    assert left(uid("L1")) == 1000
    assert [row.points for row in queries.receipts_of(quote_id)] == [1, 0, 1]


def test_only_what_was_paid_comes_back_and_only_to_a_clerk(client: Client) -> None:
    assert client.get(f"/desk/quotes/{quoted(client)}/return/").status_code == 404
    quote_id = sold(client)
    assert bring_back(clerk("sales"), quote_id, 10).status_code == 403
    assert bring_back(clerk("other"), quote_id, 10).status_code == 404


def test_points_of_a_group_that_is_no_more_do_not_come_back_into_nothing(client: Client) -> None:
    pool = groups.pool_of(uid("L3"))
    assert pool is not None
    quote_id = sold(client, "L3")
    bring_back(client, quote_id, 400)
    assert left(pool) == 850
    lifecycle.dissolve_group(pool, **who())
    assert "is no more" in alerts(bring_back(client, quote_id, 400))


def test_a_receipt_says_it_all_in_both_languages_and_is_the_same_bytes_again(client: Client) -> None:
    quote_id = sold(client, description_2="ケース", price_2=1_200)
    [number] = numbers(quote_id)
    path = f"/desk/quotes/{quote_id}/receipts/{number}"
    english = pdf(client, f"{path}/en/")
    for told in (
        f"{number:08}",
        "駅前店 S1",
        "見本商事",
        "090-0000-0001",
        "スマートフォン",
        "ケース",
        "1,200 yen",
        "2,000 yen",
        "300 points",
        "1,700 yen",
        "200 points",
        "by signature",
        "山田 花子",
        "Rest to pay",
    ):
        assert told in read(english), told
    assert "領収" not in read(english)
    assert pdf(client, f"{path}/ja/") != english
    accounts.set_user_data("hanako", name="佐藤 花子", **who())
    bring_back(client, quote_id, 400, reason="返品")
    assert pdf(client, f"{path}/en/") == english
    connections.close_all()
    assert pdf(clerk(), f"{path}/en/") == english
    assert client.get(f"{path}/fr/").status_code == client.get(f"{path[:-1]}999/en/").status_code == 404
    credit = read(pdf(client, f"/desk/quotes/{quote_id}/receipts/{numbers(quote_id)[1]}/en/"))
    for told in ("Receipt for points given back", "400 yen", "60 points", "340 yen", "返品"):
        assert told in credit, told
    assert "by signature" not in credit


def test_long_receipts_go_on_to_another_page(client: Client) -> None:
    more: dict[str, Any] = {f"description_{number}": "とても長い品名" * 14 for number in range(1, 6)}
    more |= {f"price_{number}": 1_000 for number in range(1, 6)}
    quote_id = sold(client, **more)
    found = read(pdf(client, f"/desk/quotes/{quote_id}/receipts/{numbers(quote_id)[0]}/en/"))
    assert "5,000 yen" in found


def test_members_have_their_own_receipts(client: Client) -> None:
    quote_id, other = sold(client), sold(client, "L2")
    bring_back(client, quote_id, 400)
    hanako = at_desk("hanako")
    with CaptureQueriesContext(connection) as caught:
        page = text(hanako.get("/receipts/"))
    assert len(caught) <= 12, [one["sql"][:80] for one in caught]
    sale, credit = numbers(quote_id)
    assert page.index(f"{credit:08}") < page.index(f"{sale:08}")
    assert f"{numbers(other)[0]:08}" not in page
    shops = pdf(client, f"/desk/quotes/{quote_id}/receipts/{sale}/ja/")
    assert pdf(hanako, f"/receipts/{sale}/ja/") == shops
    for path in (f"/receipts/{numbers(other)[0]}/ja/", f"/receipts/{sale}/xx/", "/receipts/999/ja/"):
        assert hanako.get(path).status_code == 404, path


def test_receipts_are_shown_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    quote_id = sold(client)
    for yen in (100, 200):
        bring_back(client, quote_id, yen)
    sale, first, second = (f"{one:08}" for one in numbers(quote_id))
    hanako = at_desk("hanako")
    page = text(hanako.get("/receipts/"))
    assert (second in page, first in page, sale in page) == (True, True, False)
    page = text(hanako.get(f"/receipts/?below={int(first)}"))
    assert (second in page, sale in page, 'href="?below=' in page) == (False, True, False)
    for odd in ("x", "9" * 30):
        assert second in text(hanako.get(f"/receipts/?below={odd}")), odd
    assert hanako.get(f"/receipts/{'9' * 30}/ja/").status_code == 404


def test_who_consents_for_a_group_has_the_receipt(client: Client) -> None:
    quote_id = sold(client, "L3")
    assert "駅前店 S1" in text(at_desk("leader").get("/receipts/"))
    assert "There are no receipts yet." in text(at_desk("plain").get("/receipts/"))
    found = state(quote_id)
    history = books.history(found.wallet_id)
    assert [(row.use, row.points) for row in history if row.use] == [("device", -300)]
    assert [row.kind for row in queries.receipts_of(quote_id)] == [ReceiptKind.SALE]

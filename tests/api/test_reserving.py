"""Points that a partner uses: reserved once however often it is asked, then captured, voided or reversed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from noren.api import clock
from noren.lifecycle import actions as lifecycle
from noren.points import queries as points
from noren.spending import actions, queries
from noren.sso import actions as sso
from tests.api import partner as partners
from tests.api.partner import NOW, Partner, wish
from tests.api.test_reading import told
from tests.cast import ENGINEER
from tests.members.desk import Desk
from tests.points import crew as crews
from tests.points.crew import Crew
from tests.spending.desk import uid


def left(line: str = "L1") -> int:
    return points.balance(uid(line), NOW.date()).spendable


@pytest.fixture
def crew() -> Iterator[Crew]:
    with crews.assembled() as crew:
        yield crew


def test_what_is_reserved_waits(partner: Partner) -> None:
    before = left()
    answer = partner.reserve(50)
    made = told(answer, 201)
    assert left() == before - 50
    assert (made["state"], made["points"], made["captured"], made["reference"]) == ("waiting", 50, 0, "order 1")
    assert made["expires_at"] == "2021-09-08T03:00:00Z"
    path = f"/members/{uid('L1')}/reservations"
    assert answer["Location"] == f"/api/v1{path}/{made['id']}"
    assert told(partner.get(f"{path}/{made['id']}")) == made
    assert told(partner.get(path)) == {"items": [made], "next": None}


def test_the_ledger_and_the_audit_name_partner_and_person(partner: Partner) -> None:
    made = told(partner.reserve(50), 201)
    row = queries.reservation([uid("L1")], made["id"])
    assert row is not None
    assert row.made_by == f"partner:{partner.client_id}/A1"


def test_capture_void_and_reverse(partner: Partner) -> None:
    before = left()
    first, second = (told(partner.reserve(30), 201)["id"] for _time in range(2))
    assert told(partner.step(first, "capture", {"points": 20}))["captured"] == 20
    assert told(partner.step(second, "void"))["state"] == "voided"
    assert left() == before - 20
    assert told(partner.step(first, "reverse", {"points": 5, "reason": "broken"}))["given_back"] == 5
    assert told(partner.step(first, "reverse"))["given_back"] == 20
    assert left() == before


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (["capture", "void"], "reservation.not_waiting"),
        (["void", "capture"], "reservation.not_waiting"),
        (["reverse"], "reservation.not_waiting"),
        (["capture", "reverse", "reverse"], "points.already_reversed"),
    ],
)
def test_steps_that_do_not_follow_are_refused(partner: Partner, steps: list[str], code: str) -> None:
    made = told(partner.reserve(30), 201)["id"]
    *before, last = steps
    for step in before:
        told(partner.step(made, step))
    assert told(partner.step(made, last), 409)["code"] == code


def test_the_same_call_again_gets_the_same_answer(partner: Partner) -> None:
    before = left()
    first = partner.reserve(50, key="key-0001")
    made = told(first, 201)
    told(partner.step(made["id"], "capture", key="key-0002"))
    again = partner.reserve(50, key="key-0001")
    assert (again.status_code, again.content, again["Location"]) == (201, first.content, first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert told(partner.step(made["id"], "capture", key="key-0002"))["captured"] == 50
    assert left() == before - 50


def test_the_same_call_again_gets_the_same_no(partner: Partner) -> None:
    assert told(partner.reserve(10_000, key="key-0001"), 409)["code"] == "points.insufficient"
    again = partner.reserve(10_000, key="key-0001")
    assert told(again, 409)["detail"] == f"10000 points are asked for, and {left()} can be used."
    assert again["Content-Type"] == "application/problem+json"
    assert again["Idempotency-Replayed"] == "true"


def test_the_same_key_for_another_call_is_a_conflict(partner: Partner) -> None:
    made = told(partner.reserve(50, key="key-0001"), 201)["id"]
    others = [
        partner.reserve(51, key="key-0001"),
        partner.reserve(50, key="key-0001", reference="order 2"),
        partner.reserve(50, key="key-0001", expires_at="2021-09-02T00:00:00Z"),
        partner.reserve(5, key="key-0001", line="L2"),
        partner.step(made, "void", key="key-0001"),
    ]
    assert [told(other, 409)["code"] for other in others] == ["call.key_conflict"] * len(others)


def test_a_key_is_the_partners_own(partner: Partner) -> None:
    told(partner.reserve(50, key="key-0001"), 201)
    other = Partner.registered(name="Other").of("A1")
    answer = other.reserve(20, key="key-0001")
    assert told(answer, 201)["points"] == 20


def test_sixteen_at_once_with_one_key_reserve_once(partner: Partner, crew: Crew) -> None:
    before = left()
    answers = crew.each(lambda _number: partner.reserve(7, key="key-0001"))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
    assert left() == before - 7


def test_sixteen_at_once_with_keys_of_their_own_never_take_more_than_there_is(partner: Partner, crew: Crew) -> None:
    before = left()
    answers = crew.each(lambda number: partner.reserve(20, key=f"key-{number:04}"))
    done = sum(answer.status_code == 201 for answer in answers)
    assert (done, left()) == (before // 20, before - before // 20 * 20)
    assert {told(one, 409)["code"] for one in answers if one.status_code != 201} == {"points.insufficient"}


def test_each_call_needs_a_key(partner: Partner) -> None:
    path = f"/members/{uid('L1')}/reservations"
    for key in (None, "short", "with space", "é" * 8):
        [error] = told(partner.post(path, wish(5), key=key), 422)["errors"]
        assert (error["place"], error["field"]) == ("header", "Idempotency-Key")


def test_a_key_is_forgotten_after_a_day_and_the_ledger_still_knows_it(partner: Partner) -> None:
    made = told(partner.reserve(50, key="key-0001"), 201)
    told(partner.step(made["id"], "capture"))
    sso.tidy(NOW + timedelta(days=1, seconds=1))
    again = partner.reserve(50, key="key-0001")
    assert "Idempotency-Replayed" not in again
    assert (told(again, 201)["id"], again.json()["state"]) == (made["id"], "captured")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"points", "use", "reference"}),
        (wish(0), {"points"}),
        (wish(10**12 + 1), {"points"}),
        ({**wish(1), "points": "1"}, {"points"}),
        ({**wish(1), "points": True}, {"points"}),
        (wish(1, use="Goods!"), {"use"}),
        (wish(1, reference=""), {"reference"}),
        (wish(1, reference="a\x00b"), {"reference"}),
        (wish(1, reference="x" * 201), {"reference"}),
        (wish(1, expires_at="2021-09-02T00:00:00"), {"expires_at"}),
        (wish(1, expires_at="2021-09-01T02:59:59Z"), {"expires_at"}),
        (wish(1, expires_at="2022-01-01T00:00:00Z"), {"expires_at"}),
        (wish(1, refrence="slip"), {"refrence"}),
    ],
)
def test_a_wish_that_is_wrong_names_its_fields(partner: Partner, body: dict[str, Any], fields: set[str]) -> None:
    errors = told(partner.post(f"/members/{uid('L1')}/reservations", body), 422)["errors"]
    assert {error["field"] for error in errors} == fields
    assert all(error["place"] == "body" and error["reason"] for error in errors)


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"points": 1' + b"0" * 5000 + b"}", b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(partner: Partner, body: bytes) -> None:
    answer = partner.http.post(
        f"/api/v1/members/{uid('L1')}/reservations", body, content_type="application/json",
        headers=partner.headers({"Idempotency-Key": "key-0001"}),
    )  # fmt: skip
    assert told(answer, 400)["code"] == "api.unreadable"


def test_a_use_that_the_programme_does_not_know_is_refused(partner: Partner) -> None:
    assert told(partner.reserve(5, use="wine"), 409)["code"] == "api.unknown_use"


def test_a_reservation_of_somebody_else_does_not_exist(partner: Partner) -> None:
    made = told(partner.reserve(30), 201)["id"]
    sites = actions.reserve(
        wallet_id=uid("L1"), use="goods", amount=5, reference="order", key="site", actor=ENGINEER, now=NOW
    )
    other = Partner.registered(name="Other").of("A1")
    for asker, one in ((other, made), (partner, str(sites.reservation_id)), (partner, str(uid("L1")))):
        assert asker.get(f"/members/{uid('L1')}/reservations/{one}").status_code == 404
        for step in ("capture", "void", "reverse"):
            assert told(asker.step(one, step), 404)["code"] == "reservation.unknown"
    assert told(other.get(f"/members/{uid('L1')}/reservations"))["items"] == []
    assert len(told(partner.get(f"/members/{uid('L1')}/reservations"))["items"]) == 1


def test_reservations_are_listed_page_by_page(partner: Partner) -> None:
    made = [told(partner.reserve(1), 201)["id"] for _time in range(5)]
    path, found = f"/members/{uid('L1')}/reservations", []
    cursor: str | None = ""
    for _page in range(3):
        page = told(partner.get(path, limit=2, **({"cursor": cursor} if cursor else {})))
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert sorted(found) == sorted(made)


def test_points_of_a_group_are_not_the_persons_to_use(partner: Partner) -> None:
    lifecycle.create_group(corporation_id="C1", name="Sales", representative="A1", actor=ENGINEER, now=NOW)
    assert {one["is_pooled"] for one in told(partner.get("/members"))["items"]} == {True}
    assert told(partner.reserve(1), 409)["code"] == "api.pooled"


def test_who_has_left_the_programme_uses_no_points(partner: Partner) -> None:
    with override_settings(NOREN_JOIN_WITH_ACCOUNT=False):
        lifecycle.withdraw("A1", actor=ENGINEER, now=NOW)
    account = told(partner.get("/members"))["items"][0]
    assert account["withdrawn_on"] == "2021-09-01"
    answer = partner.post(f"/members/{account['id']}/reservations", wish(1))
    assert told(answer, 409)["code"] == "api.withdrawn"


def test_a_reservation_that_is_over_cannot_be_captured(partner: Partner, desk: Desk) -> None:
    made = told(partner.reserve(30, expires_at="2021-09-01T03:05:00Z"), 201)["id"]
    with partners.at(desk.place, NOW + timedelta(minutes=6)):
        assert told(partner.step(made, "capture"), 409)["code"] == "reservation.expired"
    assert clock.now() == NOW

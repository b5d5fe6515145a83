"""A sale at the counter, from finding the customer to the receipt."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from noren.accounts import actions as accounts
from noren.audit import queries as audit
from noren.counter import queries
from noren.counter.models import Quote
from noren.counter.rules import Consent, State
from noren.groups import actions as groups_actions
from noren.groups import queries as groups
from noren.groups.rules import StaffRole
from noren.lifecycle import actions as lifecycle
from noren.outbox.models import Message
from noren.points import actions as points
from noren.points import queries as books
from tests.admin_site.people import at_desk, text, who
from tests.counter.shop import (
    PIN,
    SIGNED,
    alerts,
    bring_back,
    clerk,
    code_for,
    consent,
    find,
    left,
    look,
    looked_at,
    lots,
    newest,
    offer,
    quoted,
    sold,
    state,
    uid,
)


@pytest.fixture
def pool() -> UUID:
    found = groups.pool_of(uid("L3"))
    assert found is not None
    return found


def test_a_code_that_the_customer_reads_out_takes_the_points(client: Client) -> None:
    quote_id = quoted(client)
    assert (state(quote_id).state, left(uid("L1"))) == (State.OPEN, 1000)
    code = code_for(client, quote_id)
    message = newest()
    assert message.recipient == "hanako@example.jp"
    assert "駅前店 S1: 800 yen, of which 300 are paid with points." in message.body
    answer = consent(client, quote_id, "code", f" {code[:3]} {code[3:]} ")
    assert answer.status_code == 302, alerts(answer)
    assert (state(quote_id).state, state(quote_id).consent) == (State.PAID, Consent.CODE)
    assert lots(uid("L1")) == [500, 0, 700]
    page = text(client.get(answer["Location"]))
    assert "by a code that was sent" in page
    assert newest().subject == "Points were used"
    assert newest().recipient == "hanako@example.jp"


def test_a_code_is_sent_in_the_customers_language(client: Client) -> None:
    accounts.set_user_data("hanako", name="山田 花子", language="ja", **who())
    quote_id = quoted(client)
    client.post(f"/desk/quotes/{quote_id}/code/")
    assert Message.objects.filter(recipient="hanako@example.jp", subject="セキュリティコード").exists()


def test_no_code_is_sent_again_within_a_minute(client: Client) -> None:
    quote_id = quoted(client)
    code_for(client, quote_id)
    client.post(f"/desk/quotes/{quote_id}/code/")
    assert "after 60 seconds" in text(client.get(f"/desk/quotes/{quote_id}/"))
    assert Message.objects.count() == 1


def test_a_code_is_for_one_quote_and_five_tries(client: Client) -> None:
    first, second = quoted(client), quoted(client)
    code = code_for(client, first)
    assert "can no longer be used" in alerts(consent(client, second, "code", code))
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _try in range(5):
        assert "not the code" in alerts(consent(client, first, "code", wrong))
    assert "can no longer be used" in alerts(consent(client, first, "code", code))
    assert (state(first).state, left(uid("L1"))) == (State.OPEN, 1000)


def test_tries_are_limited_beyond_new_codes(client: Client) -> None:
    quote_id = quoted(client)
    answers = [consent(client, quote_id, "code", "000000").status_code for _try in range(21)]
    assert answers == [200] * 20 + [429]


def test_a_signature_takes_the_points_and_is_kept(client: Client) -> None:
    quote_id = sold(client)
    found = state(quote_id)
    assert (found.state, found.consent, found.signed_name) == (State.PAID, Consent.SIGNATURE, "山田 花子")
    assert found.signature[1] == ((300, 20), (310, 180))
    page = text(client.get(f"/desk/quotes/{quote_id}/"))
    assert 'd="M300 20L310 180"' in page
    assert left(uid("L1")) == 700


@pytest.mark.parametrize(
    "drawn", ["", "[]", "[[[1,1]]]", "null", "{", "[" * 50_000, '[[["a",1],[400,1]]]', "x" * 60_001]
)
def test_what_is_no_signature_takes_nothing(client: Client, drawn: str) -> None:
    quote_id = quoted(client)
    assert alerts(consent(client, quote_id, "signature", drawn))
    assert (state(quote_id).state, left(uid("L1"))) == (State.OPEN, 1000)


def test_a_line_without_an_account_consents_by_its_pin(client: Client) -> None:
    quote_id = quoted(client, "L2")
    assert "PIN is not right" in alerts(consent(client, quote_id, "pin", "0000"))
    assert consent(client, quote_id, "code", "000000").status_code == 404
    assert consent(client, quote_id, "pin", PIN).status_code == 302
    assert (state(quote_id).consent, left(uid("L2"))) == (Consent.PIN, 700)


def test_wrong_pins_are_counted_and_then_only_a_signature_is_left(client: Client) -> None:
    quote_id = quoted(client, "L2")
    for _try in range(5):
        consent(client, quote_id, "pin", "0000")
    assert "PIN is not right" in alerts(consent(client, quote_id, "pin", PIN))
    assert "required" in alerts(consent(client, quote_id, "signature", SIGNED))
    assert consent(client, quote_id, "signature", SIGNED, name="佐藤 次郎").status_code == 302
    assert state(quote_id).signed_name == "佐藤 次郎"


def test_the_pin_is_not_for_lines_with_an_account(client: Client) -> None:
    accounts.set_pins([("L1", PIN)])
    quote_id = quoted(client)
    assert consent(client, quote_id, "pin", PIN).status_code == 404


def test_a_pool_pays_when_who_may_spend_it_consents(client: Client, pool: UUID) -> None:
    given = offer(client, "L3")
    assert given["consent_of"] == "leader"
    refused = look(client, looked_at(client, given, "L3") | {"consent_of": "plain"}, "L3")
    assert "not one of the available choices" in alerts(refused)
    points.set_budget(wallet_id=pool, spender="account:leader", monthly=299, **who())
    quote_id = quoted(client, "L3")
    assert "limit of this month is 299" in alerts(consent(client, quote_id, "code", code_for(client, quote_id)))
    points.set_budget(wallet_id=pool, spender="account:leader", monthly=300, **who())
    assert consent(client, quote_id, "signature", SIGNED).status_code == 302
    assert left(pool) == 700
    [budget] = books.budgets(pool, state(quote_id).made_at.date())
    assert (budget.spender, budget.used) == ("account:leader", 300)


def test_who_may_spend_no_more_cannot_consent(client: Client, pool: UUID) -> None:
    quote_id = quoted(client, "L3")
    lifecycle.leave_group(pool, line_ids=["L3"], **who())
    assert "may not consent" in alerts(consent(client, quote_id, "signature", SIGNED))
    assert (state(quote_id).state, left(pool)) == (State.OPEN, 1000)


def test_nobody_sells_to_themselves(client: Client) -> None:
    del client
    groups_actions.add_staff("hanako", StaffRole.CLERK, shop="S1", shop_name="駅前店 S1", **who())
    own = clerk("hanako")
    assert "Nobody sells to themselves" in alerts(look(own, looked_at(own, offer(own))))


def test_the_look_tells_what_would_be_taken_and_takes_nothing(client: Client) -> None:
    page = text(look(client, offer(client)))
    assert re.findall(r'<dd class="points">([\d,]+)</dd>', page.partition('id="look"')[2]) == ["100", "200", "700"]
    assert "100 of them would lapse within 60 days." in page
    assert "500 yen" in page
    assert (Quote.objects.count(), left(uid("L1"))) == (0, 1000)


def test_the_same_form_is_one_quote_and_another_offer_another_look(client: Client) -> None:
    given = looked_at(client, offer(client))
    answers = [look(client, given) for _time in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    changed = look(client, {**given, "points": "301"})
    assert changed.status_code == 200
    again = look(client, looked_at(client, {**given, "points": "301"}))
    assert "sent before, with something else" in alerts(again)
    assert Quote.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"points": "801"}, "More points than the price"),
        ({"points": "1001", "price_1": "2000"}, "not as many points"),
        ({"points": "0"}, "greater than or equal to 1"),
        ({"points": "x"}, "Enter a whole number."),
        ({"points": str(10**19)}, "less than or equal to"),
        ({"price_1": "-5"}, "greater than or equal to 1"),
        ({"price_1": ""}, "required"),
        ({"description_1": "  "}, "required"),
        ({"description_1": "x" * 101}, "at most 100"),
        ({"description_2": "Case"}, "needs a description and a price"),
        ({"kind": "bill"}, "not one of the available choices"),
        ({"key": "x"}, "UUID"),
    ],
)
def test_a_wrong_offer_is_told(client: Client, wrong: dict[str, str], told: str) -> None:
    given = {**offer(client), **wrong}
    answer = look(client, given)
    assert told in text(answer)
    assert "looked_at" not in text(answer)


def test_a_quote_lapses_after_half_an_hour(client: Client) -> None:
    quote_id = quoted(client)
    code = code_for(client, quote_id)
    Quote.objects.update(expires_at=state(quote_id).made_at - timedelta(seconds=1))
    assert consent(client, quote_id, "code", code).status_code == 302
    page = text(client.get(f"/desk/quotes/{quote_id}/"))
    assert "This quote has lapsed or was ended." in page
    assert "<dd>Lapsed</dd>" in page
    assert f"/desk/quotes/{quote_id}/consent/" not in page
    assert left(uid("L1")) == 1000


def test_a_cancelled_quote_takes_nothing_any_more(client: Client) -> None:
    quote_id = quoted(client)
    for _time in range(2):
        assert client.post(f"/desk/quotes/{quote_id}/cancel/").status_code == 302
    assert consent(client, quote_id, "signature", SIGNED).status_code == 302
    assert "lapsed or was ended" in text(client.get(f"/desk/quotes/{quote_id}/"))
    assert (state(quote_id).state, left(uid("L1"))) == (State.CANCELLED, 1000)


def test_consent_sent_twice_takes_the_points_once(client: Client) -> None:
    quote_id = quoted(client)
    code = code_for(client, quote_id)
    assert [consent(client, quote_id, "code", code).status_code for _time in range(3)] == [302] * 3
    assert consent(clerk("sales"), quote_id, "signature", SIGNED).status_code == 302
    assert left(uid("L1")) == 700
    assert len(queries.receipts_of(quote_id)) == 1


def test_points_that_went_meanwhile_leave_the_quote_open_and_the_code_good(client: Client) -> None:
    first, second = quoted(client, points=800), quoted(client, points=800)
    code = code_for(client, second)
    consent(client, first, "signature", SIGNED)
    assert "800 points are asked for, and 200 can be used." in alerts(consent(client, second, "code", code))
    assert state(second).state is State.OPEN
    key = state(first).quote_id
    bring_back(client, key, 800)
    assert consent(client, second, "code", code).status_code == 302


def test_the_person_concerned_sees_what_was_done(client: Client) -> None:
    quote_id = sold(client)
    bring_back(client, quote_id, 400)
    page = text(at_desk("hanako").get("/account/activity/"))
    for told in ("looked up in a shop", "quote was made for you", "Points were used in a shop", "given back for what"):
        assert told in page, told
    assert "The operator" in page
    rows = audit.search(audit.Wanted(scopes=["C1"], act="counter"), behind="", size=10).rows
    assert {row.actor for row in rows} == {"staff:clerk"}
    assert rows[0].reason == "初期不良"


def test_what_a_member_may_not_know_is_not_shown(client: Client) -> None:
    page = text(client.get(f"/desk/quotes/{quoted(client)}/"))
    assert "h***@example.jp" in page
    assert "hanako@example.jp" not in page


def test_found_by_what_a_customer_can_say(client: Client) -> None:
    for what in ("L1", "090-0000-0001", "09000000001"):
        assert find(client, what)["Location"] == f"/desk/sell/{uid('L1')}/", what
    assert "Members who answer" not in text(client.get("/desk/"))
    page = text(client.post("/desk/", {"corporation": "見本商事", "name": "山田花子"}))
    assert page.count("/desk/sell/") == 2  # the line and the account
    assert text(find(client, "HANAKO")).count("/desk/sell/") == 2


@pytest.mark.parametrize("what", ["N1", "09000000008", "nobody", "%", "' OR 1=1", "０"])
def test_one_answer_for_all_who_are_not_there(client: Client, what: str) -> None:
    assert "No member of the programme answers to that." in alerts(find(client, what))
    name = client.post("/desk/", {"corporation": what, "name": what})
    assert "No member of the programme answers to that." in alerts(name)


def test_nobody_is_offered_anything_who_was_not_looked_up(client: Client) -> None:
    assert client.get(f"/desk/sell/{uid('L1')}/").status_code == 404
    find(client, "L2")
    assert client.get(f"/desk/sell/{uid('L1')}/").status_code == 404
    assert client.get(f"/desk/sell/{uid('L2')}/").status_code == 200


def test_looking_up_is_limited(client: Client) -> None:
    answers = [find(client, f"09012345{number:03}").status_code for number in range(31)]
    assert answers == [200] * 30 + [429]

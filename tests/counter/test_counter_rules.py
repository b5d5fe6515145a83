"""What docs/rules/counter.md says besides: who is found, how often and how long, what is sold, who may consent."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from noren.accounts import actions as accounts
from noren.accounts import limits
from noren.accounts.limits import Limit
from noren.counter import actions, queries
from noren.counter.actions import Sale
from noren.counter.rules import MOST_ITEMS, Consent, Item, Kind, State
from noren.groups import actions as groups_actions
from noren.groups import queries as groups
from noren.groups.rules import StaffRole, UnitKind
from noren.lifecycle import actions as lifecycle
from noren.outbox.models import Message
from noren.points import actions as points
from noren.points import queries as books
from tests.admin_site.people import person, text, who
from tests.counter.shop import (
    SIGNED,
    alerts,
    clerk,
    code_for,
    consent,
    find,
    left,
    look,
    looked_at,
    newest,
    offer,
    quoted,
    sold,
    state,
    uid,
)
from tests.members.desk import Desk

NOBODY = "No member of the programme answers to that."


@pytest.fixture
def pool() -> UUID:
    found = groups.pool_of(uid("L3"))
    assert found is not None
    return found


def test_points_pay_for_repairs_and_are_booked_as_such(client: Client) -> None:
    sold(client, "L2", kind="repair")
    assert (left(uid("L2")), books.stands("used/")) == (700, {"used/repair": 300})


def test_members_who_have_left_are_not_found(client: Client, desk: Desk) -> None:
    desk.bring("lines", "L1,C1,090-0000-0001,mobile,2019-01-01,2021-01-01,2020-01-01,", name="closed")
    desk.bring("lines", "L2,C1,090-0000-0002,mobile,2019-01-01,,2020-01-01,2021-01-01", name="withdrawn")
    for what in ("L1", "090-0000-0001", "L2", "090-0000-0002"):
        assert NOBODY in alerts(find(client, what)), what


def test_more_members_than_ten_are_not_shown(client: Client) -> None:
    for number in range(6):
        person(f"many{number}", name="佐藤 花子", account_id=f"many{number}")
    asked = {"corporation": "見本商事", "name": "佐藤花子"}
    assert text(client.post("/desk/", asked)).count("/desk/sell/") == 6
    for number in range(6, 11):
        person(f"many{number}", name="佐藤 花子", account_id=f"many{number}")
    answer = client.post("/desk/", asked)
    assert "More than 10 members answer" in alerts(answer)
    assert "/desk/sell/" not in text(answer)


def test_looking_up_is_limited_for_a_day(client: Client) -> None:
    for _time in range(299):
        limits.count([Limit("desk.look_up.day", "clerk", 300, 86_400)], now=who()["now"])
    assert [find(client, "nobody").status_code for _time in range(2)] == [200, 429]


def test_who_was_found_stays_open_for_half_an_hour(client: Client) -> None:
    find(client, "L1")
    for minutes, status in ((29, 200), (31, 404)):
        session = client.session
        at = (who()["now"] - timedelta(minutes=minutes)).isoformat()
        session["desk_found"] = {str(uid("L1")): {"member": "line:L1", "at": at}}
        session.save()
        assert client.get(f"/desk/sell/{uid('L1')}/").status_code == status


def test_a_quote_names_up_to_ten_items(client: Client) -> None:
    del client
    now = who()["now"]
    customer, row = queries.customer("line:L1", now.date()), groups.staff_of("clerk")
    assert row is not None
    for count in (MOST_ITEMS, MOST_ITEMS + 1, 0):
        sale = Sale(Kind.DEVICE, tuple(Item(f"Item {number}", 100) for number in range(count)), 100, "hanako")
        how = {"customer": customer, "sale": sale, "clerk": row, **who()}
        if count == MOST_ITEMS:
            assert len(actions.open_quote(quote_id=uuid4(), **how).items) == 10
        else:
            with pytest.raises(actions.BadSale):
                actions.open_quote(quote_id=uuid4(), **how)


def test_a_code_goes_to_the_verified_mobile_where_there_is_no_mail(client: Client) -> None:
    person("mobile", account_id="mobile", lines=["L2"], contact_mail="", contact_mobile="090-1234-5678")
    quote_id = quoted(client, "L2")
    assert "no contact" in text(client.post(f"/desk/quotes/{quote_id}/code/", follow=True))
    accounts.set_contact_mobile("mobile", "090-1234-5678", **who())
    code = code_for(client, quote_id)
    assert (newest().channel, newest().recipient) == ("sms", "+819012345678")
    assert consent(client, quote_id, "code", code).status_code == 302


def test_codes_for_a_person_are_limited(client: Client) -> None:
    sent = []
    for _quote in range(11):
        quote_id = quoted(client)
        sent.append(client.post(f"/desk/quotes/{quote_id}/code/").status_code)
    assert sent == [302] * 10 + [429]
    assert Message.objects.filter(recipient="hanako@example.jp").count() == 10


def test_who_consents_does_not_sell(client: Client) -> None:
    """One of the operator's people who may use the points of a customer's group leaves the sale to others."""
    groups_actions.add_staff("leader", StaffRole.CLERK, shop="S1", shop_name="駅前店 S1", **who())
    own = clerk("leader")
    assert "Nobody sells to themselves" in alerts(look(own, looked_at(own, offer(own, "L3"), "L3"), "L3"))
    assert quoted(client, "L3")


def test_a_pool_counts_on_the_limit_of_the_unit_of_who_consents(client: Client, pool: UUID) -> None:
    unit = groups_actions.add_unit(pool, kind=UnitKind.SITE, name="大阪", **who())
    lifecycle.move_in_group(pool, "leader", unit, **who())
    points.set_budget(wallet_id=pool, spender=f"unit:{unit}", monthly=299, **who())
    quote_id = quoted(client, "L3")
    assert "limit of this month is 299" in alerts(consent(client, quote_id, "signature", SIGNED))
    points.set_budget(wallet_id=pool, spender=f"unit:{unit}", monthly=300, **who())
    assert consent(client, quote_id, "signature", SIGNED).status_code == 302
    assert (state(quote_id).state, state(quote_id).consent) == (State.PAID, Consent.SIGNATURE)

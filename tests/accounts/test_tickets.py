"""Invitations: bound to account and address, used once, whoever comes first."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.models import Ticket
from noren.accounts.rules import State, TicketPurpose
from noren.kit.errors import Refusal
from noren.lifecycle import actions
from tests import soak
from tests.cast import ENGINEER
from tests.lifecycle.cast import NOW, SOON, active, issue, mails, now_of
from tests.members.desk import Desk
from tests.points import crew as crews

INVITATION, LETTER = TicketPurpose.INVITATION, TicketPurpose.LETTER
WHO: Any = {"actor": ENGINEER, "now": NOW}
MAIL = "hanako@example.jp"
ROUNDS = soak.many(20, 1_000)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        act()
    return told.value.code


def invited() -> tuple[str, str]:
    account_id = issue(contact_mail=MAIL)
    return account_id, actions.invite(account_id, by="mail", **WHO)


def test_invitation_by_mail_makes_the_account_active_and_proves_the_address(desk: Desk) -> None:
    account_id, token = invited()
    (mail,) = mails()
    assert (mail.recipient, f"/join/invitation/{token}/" in mail.body) == (MAIL, True)
    assert actions.peek(token, INVITATION, SOON).account_id == account_id
    assert actions.accept(token, purpose=INVITATION, now=SOON) == account_id
    assert now_of(account_id).state == State.ACTIVE
    assert desk.stored("account_emailaddress", 'email, verified, "primary"') == [(MAIL, True, True)]


def test_letter_proves_no_address(desk: Desk) -> None:
    account_id = issue(contact_mail=MAIL)
    token = actions.invite(account_id, by="letter", **WHO)
    assert list(mails()) == []
    assert actions.accept(token, purpose=LETTER, now=SOON) == account_id
    assert desk.stored("account_emailaddress") == []


def test_token_is_nowhere_in_the_database_but_in_the_mail(desk: Desk) -> None:
    _account_id, token = invited()
    assert token not in str([desk.stored(table) for table in ("accounts_ticket", "audit_record", "accounts_account")])


SPOILED: dict[str, Callable[[str, str], object]] = {
    "used": lambda _account, token: actions.accept(token, purpose=INVITATION, now=NOW),
    "invited again": lambda account, _token: actions.invite(account, by="mail", **WHO),
    "letter instead": lambda account, _token: actions.invite(account, by="letter", **WHO),
    "other address": lambda account, _token: accounts.set_contact_mail(account, "other@example.jp", **WHO),
    "no address": lambda account, _token: accounts.set_contact_mail(account, "", **WHO),
    "abolished": lambda account, _token: actions.abolish(account, **WHO),
    "reissued": lambda account, _token: actions.reissue(account, "new", **WHO),
    "other corporation": lambda account, _token: actions.change_name(account, "C2", **WHO),
}


@pytest.mark.parametrize("how", SPOILED)
def test_spoiled_invitation_lets_nobody_in(desk: Desk, how: str) -> None:
    del desk
    account_id, token = invited()
    SPOILED[how](account_id, token)
    before = now_of(account_id)
    assert refused(lambda: actions.peek(token, INVITATION, SOON)) == "ticket.unusable"
    assert refused(lambda: actions.accept(token, purpose=INVITATION, now=SOON)) == "ticket.unusable"
    assert now_of(account_id) == before


def test_invitation_counts_for_a_fortnight_and_for_its_purpose(desk: Desk) -> None:
    del desk
    account_id, token = invited()
    end = NOW + timedelta(days=14)
    for purpose, now in ((INVITATION, end), (LETTER, SOON), (TicketPurpose.SELF_LOCK, SOON)):
        assert refused(partial(actions.accept, token, purpose=purpose, now=now)) == "ticket.unusable"
    assert refused(lambda: actions.accept("unheard of", purpose=INVITATION, now=SOON)) == "ticket.unusable"
    assert actions.accept(token, purpose=INVITATION, now=end - timedelta(seconds=1)) == account_id


def test_who_stopped_half_way_is_invited_again_who_has_set_up_is_not(desk: Desk) -> None:
    del desk
    account_id, token = invited()
    actions.accept(token, purpose=INVITATION, now=SOON)
    token = actions.invite(account_id, by="mail", **WHO)
    actions.accept(token, purpose=INVITATION, now=SOON)
    accounts.first_password(account_id, "blaue Berge im Nebel", **WHO)
    assert queries.has_credentials(account_id)
    assert refused(lambda: actions.invite(account_id, by="mail", **WHO)) == "account.state"
    assert refused(lambda: accounts.first_password(account_id, "x", **WHO)) == "account.state"


def test_invitation_by_mail_needs_an_address(desk: Desk) -> None:
    del desk
    assert refused(lambda: actions.invite(issue(), by="mail", **WHO)) == "contact.no_mail"
    assert Ticket.objects.count() == 0


@pytest.mark.soak
def test_one_of_sixteen_accepts_an_invitation(desk: Desk) -> None:
    del desk
    account_id = active()

    def accept(token: str) -> str:
        try:
            return actions.accept(token, purpose=INVITATION, now=SOON)
        except accounts.TicketUnusable:
            return ""

    with crews.assembled() as crew:
        for _round in range(ROUNDS):
            token = actions.invite(account_id, by="mail", **WHO)
            came = crew.each(lambda _number, token=token: accept(token))  # type: ignore[misc]
            assert sorted(came) == [""] * 15 + [account_id]

"""Tidying removes what has expired and nothing that could still count."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import models

from noren.sso import actions
from noren.sso.actions.devices import Waiting
from noren.sso.models import Device, Grant, Pushed, Seen
from noren.sso.proofs import Once, see_once
from noren.sso.rules import CODE_LIFE, DEVICE_LIFE, PUSHED_LIFE, REFRESH_LIFE
from tests.sso.cast import Deal, introspected

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
WEEK = 7 * DAY
PROOF = timedelta(minutes=2)


def pushed(deal: Deal) -> None:
    actions.push(deal.client.client_id, {}, now=deal.op.now())


def seen(deal: Deal) -> None:
    assert see_once(Once.of("DPoP proof", "once", until=deal.op.now() + PROOF)) == []


def device(deal: Deal) -> None:
    actions.start_device(deal.client.client_id, "openid", now=deal.op.now())


def allowed(deal: Deal) -> None:
    deal.device_code()


def with_tokens(deal: Deal) -> None:
    assert isinstance(deal.ask(deal.device_code()), tuple)


def code(deal: Deal) -> None:
    deal.code()


def tokens(deal: Deal) -> None:
    assert deal.redeem(deal.code())


def replayed(deal: Deal) -> None:
    code = deal.code()
    assert deal.redeem(code)
    assert not deal.redeem(code)


KINDS: dict[str, tuple[Callable[[Deal], None], type[models.Model], timedelta]] = {
    "pushed request": (pushed, Pushed, PUSHED_LIFE),
    "mark": (seen, Seen, PROOF),
    "device": (device, Device, DEVICE_LIFE + DAY),
    "allowed device": (allowed, Device, DEVICE_LIFE + DAY),
    "device with tokens": (with_tokens, Device, DEVICE_LIFE + DAY),
    "code": (code, Grant, CODE_LIFE + WEEK),
    "grant of a device": (allowed, Grant, WEEK),
    "grant with tokens": (tokens, Grant, REFRESH_LIFE + WEEK),
    "grant that was revoked": (replayed, Grant, WEEK),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_expired_goes_and_what_lives_stays(deal: Deal, kind: str) -> None:
    make, model, life = KINDS[kind]
    actions.tidy(deal.op.now() + 60 * DAY)
    begun = deal.op.now()
    make(deal)
    done = deal.op.now()
    actions.tidy(begun + life - SECOND)
    assert model._default_manager.count() == 1
    actions.tidy(done + life + SECOND)
    assert model._default_manager.count() == 0


def test_whenever_it_is_done_it_can_be_done(deal: Deal) -> None:
    """A grant that has ended goes, though a device refers to it for a while."""
    with_tokens(deal)
    actions.end(account_id=deal.op.account_id, now=deal.op.now())
    allowed(deal)
    for hours in range(0, 40 * 24, 7):
        actions.tidy(deal.op.now() + timedelta(hours=hours))
    assert Grant.objects.count() == 0


def test_a_mark_holds_as_long_as_what_it_marks(deal: Deal) -> None:
    """A proof is believed until its mark ends, so that tidying never lets it count again."""
    until = deal.op.now() + PROOF
    mark = Once.of("DPoP proof", "again", until=until)
    assert see_once(mark) == []
    actions.tidy(until)
    assert see_once(mark) == [mark]


def test_a_device_that_asks_after_its_end_is_told_so_for_a_day(deal: Deal) -> None:
    device_code, _user_code = actions.start_device(deal.client.client_id, "openid", now=deal.op.now() - DAY)
    actions.tidy(deal.op.now())
    assert deal.ask(device_code) is Waiting.EXPIRED
    actions.tidy(deal.op.now() + DAY)
    assert deal.ask(device_code) is Waiting.WRONG


def test_tokens_stay_when_their_device_goes(deal: Deal) -> None:
    given, refresh = deal.ask(deal.device_code())
    actions.tidy(deal.op.now() + 10 * DAY)
    assert not Device.objects.filter(grant=given.grant_id).exists()
    assert deal.refresh(str(refresh))


def test_tokens_of_a_grant_that_is_gone_are_refused(deal: Deal) -> None:
    token = deal.redeem(deal.code())
    actions.tidy(deal.op.now() + 60 * DAY)
    assert deal.refresh(token) == ""
    assert introspected(deal.op, token) is False

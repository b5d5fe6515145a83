"""What ends an account's sign-ins ends what partners hold at once, and tells them through the outbox."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.conf import settings

from noren.accounts import actions as accounts
from noren.accounts.models import Session
from noren.accounts.rules import LockReason
from noren.lifecycle import actions as lifecycle
from noren.outbox import actions as outbox
from noren.outbox.models import Message
from noren.sso import actions as sso
from noren.sso.models import Grant
from tests.cast import ENGINEER
from tests.clients.browser import Browser, forms
from tests.clients.cast import Party
from tests.clients.register import GRANTS, register
from tests.conformity.op import Landing, Op
from tests.conformity.test_logout import EVENT
from tests.conftest import Place
from tests.site import PASSWORD
from tests.sso.cast import ALIVE, introspected, is_dead, live, press

PARTY = "apache"
"""The partner that wants to be called when somebody signs out."""


@dataclass
class Scene:
    """One person at two browsers, each signed on to a partner."""

    op: Op
    here: Browser
    there: Browser
    mine: dict[str, Any]
    other: dict[str, Any]

    @classmethod
    def of(cls, op: Op) -> "Scene":
        """Both sign-ons, and the calls that may wait from before have left."""
        here, there = op.browser(), op.browser()
        scene = cls(op, here, there, op.tokens(PARTY, here), op.tokens(PARTY, there))
        calls(op)
        return scene

    def sid(self, got: dict[str, Any]) -> str:
        return str(self.op.claims(got["id_token"])["sid"])

    def sub(self, got: dict[str, Any]) -> str:
        return str(self.op.claims(got["id_token"])["sub"])

    def waiting(self) -> Landing:
        """A code that the partner has not traded yet."""
        return self.op.authorize(PARTY, self.there)


@pytest.fixture
def scene(holder: Op) -> Scene:
    return Scene.of(holder)


def calls(op: Op) -> list[dict[str, Any]]:
    """The logout tokens that wait in the outbox, in the order of their sid."""
    sent: list[Message] = []
    while outbox.deliver(sent.append, op.now):
        pass
    posts = [message for message in sent if message.channel == "post"]
    assert {message.recipient for message in posts} <= {op.parties[PARTY].backchannel}
    told = [op.claims(parse_qs(message.body)["logout_token"][0]) for message in posts]
    assert all(one["events"] == {EVENT: {}} for one in told)
    return sorted(told, key=lambda one: str(one["sid"]))


def who(op: Op) -> dict[str, Any]:
    return {"actor": ENGINEER, "now": op.now()}


ENDS: dict[str, Callable[[Scene], object]] = {
    "lock": lambda at: lifecycle.lock(at.op.account_id, LockReason.ADMINISTRATOR, **who(at.op)),
    "lock by the person": lambda at: lifecycle.self_lock(
        accounts.self_lock_ticket(at.op.account_id, now=at.op.now()), now=at.op.now()
    ),
    "lock after ten wrong passwords": lambda at: [
        lifecycle.sign_in_failed(at.op.account_id, now=at.op.now()) for _time in range(10)
    ],
    "abolish": lambda at: lifecycle.abolish(at.op.account_id, **who(at.op)),
    "password": lambda at: lifecycle.password_changed(at.op.account_id, password=PASSWORD, **who(at.op)),
    "login id": lambda at: lifecycle.change_login_id(at.op.account_id, f"o{at.op.account_id}", **who(at.op)),
    "reissue": lambda at: lifecycle.reissue(at.op.account_id, f"n{at.op.account_id}", **who(at.op)),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_every_sign_in_ends_every_token_at_once(scene: Scene, how: str) -> None:
    """Also offline access, and a code that waits; each sign-in of the partner is told of."""
    op = scene.op
    offline = op.tokens(PARTY, scene.here, scope="openid offline_access", prompt="consent")
    waiting = scene.waiting()
    ENDS[how](scene)
    for got in (scene.mine, scene.other, offline):
        assert is_dead(op, got, PARTY)
    assert op.trade(waiting, PARTY).json()["error"] == "invalid_grant"
    told = calls(op)
    assert [one["sid"] for one in told] == sorted(map(scene.sid, (scene.mine, scene.other)))
    assert {one["sub"] for one in told} == {scene.sub(scene.mine)}
    assert {one["aud"] for one in told} == {op.parties[PARTY].client_id}


@pytest.mark.parametrize("how", ["lock", "password"])
def test_the_epoch_alone_ends_tokens(scene: Scene, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing counts even where the grants' rows were not reached."""
    monkeypatch.setattr("noren.sso.actions.end", lambda **_about: None)
    waiting = scene.waiting()
    ENDS[how](scene)
    assert is_dead(scene.op, scene.mine, PARTY)
    assert scene.op.trade(waiting, PARTY).json()["error"] == "invalid_grant"


SIGN_OUTS: dict[str, Callable[[Scene], object]] = {
    "from afar": lambda at: press(at.here, "/account/sessions/", "key"),
    "all others": lambda at: press(at.here, "/account/sessions/", "others"),
    "itself": lambda at: press_logout(at.there),
}


def press_logout(browser: Browser) -> None:
    """The button of every page's header; it is no form of the page's own."""
    page = browser.get(f"{settings.NOREN_URL}/account/")
    form, *_same = [one for one in forms(page.text) if one.action.endswith("/account/logout/")]
    browser.submit(page, form)


@pytest.mark.parametrize("how", SIGN_OUTS)
def test_signing_a_browser_out_ends_the_tokens_of_that_sign_in_alone(scene: Scene, how: str) -> None:
    op, waiting = scene.op, scene.waiting()
    SIGN_OUTS[how](scene)
    assert is_dead(op, scene.other, PARTY)
    assert op.trade(waiting, PARTY).json()["error"] == "invalid_grant"
    assert live(op, scene.mine, PARTY) == ALIVE
    (told,) = calls(op)
    assert (told["sid"], told["sub"]) == (scene.sid(scene.other), scene.sub(scene.other))


@pytest.mark.parametrize("how", SIGN_OUTS)
def test_offline_access_outlives_a_sign_out_and_its_partner_is_told(holder: Op, how: str) -> None:
    """Back-Channel Logout 2.7."""
    scene = Scene(holder, holder.browser(), holder.browser(), {}, {})
    got = holder.tokens(PARTY, scene.there, scope="openid offline_access", prompt="consent")
    calls(holder)
    SIGN_OUTS[how](scene)
    assert live(holder, got, PARTY) == ALIVE
    assert [one["sid"] for one in calls(holder)] == [scene.sid(got)]


def test_a_session_that_has_expired_ends_its_tokens(scene: Scene) -> None:
    """Nobody signs out, and nothing is swept: the session's row alone tells."""
    grant = Grant.objects.get(grant_id=scene.op.claims(scene.other["access_token"])["gid"])
    Session.objects.filter(sid=grant.sid).update(expire_date=scene.op.now())
    assert is_dead(scene.op, scene.other, PARTY)
    assert live(scene.op, scene.mine, PARTY) == ALIVE


def test_released_partner_holds_nothing_any_more(scene: Scene) -> None:
    """Everything it has, of every browser and offline; other partners keep theirs."""
    op = scene.op
    offline = op.tokens(PARTY, scene.here, scope="openid offline_access", prompt="consent")
    kept = op.tokens("basic", scene.here)
    waiting = scene.waiting()
    press(scene.here, f"/account/services/{op.parties[PARTY].client_id}/release/", "")
    for got in (scene.mine, scene.other, offline):
        assert is_dead(op, got, PARTY)
    assert op.trade(waiting, PARTY).json()["error"] == "invalid_grant"
    assert live(op, kept) == ALIVE
    assert {one["sid"] for one in calls(op)} == set(map(scene.sid, (scene.mine, scene.other)))


def test_a_logout_token_is_sent_for_as_long_as_it_counts(scene: Scene) -> None:
    op = scene.op
    lifecycle.lock(op.account_id, LockReason.ADMINISTRATOR, **who(op))
    waiting = Message.objects.filter(channel="post", sent_at__isnull=True)
    ends = [(one.useless_after, op.claims(parse_qs(one.body)["logout_token"][0])["exp"]) for one in waiting]
    assert len(ends) == 2
    assert all(end is not None and int(end.timestamp()) == expires for end, expires in ends)


def test_released_partner_gets_no_code_without_a_new_yes(scene: Scene) -> None:
    press(scene.here, f"/account/services/{scene.op.parties[PARTY].client_id}/release/", "")
    assert scene.op.authorize(PARTY, scene.here, prompt="none").told["error"] == "consent_required"


def test_partner_that_was_closed_holds_nothing_any_more(holder: Op, standing: Place) -> None:
    """Also as another partner hears it that may ask about every token."""
    holder.parties["closing"] = register(
        standing, Party("closing", "client_secret_basic"), "--no-pkce", *[f"--grant={grant}" for grant in GRANTS]
    )
    holder.parties["asking"] = register(standing, Party("asking", "client_secret_basic"), "--introspects-all")
    got = holder.tokens("closing")
    own = holder.post("token_endpoint", "closing", grant_type="client_credentials").json()
    every = [got["access_token"], got["refresh_token"], own["access_token"]]
    assert [introspected(holder, token, "asking") for token in every] == [True, True, True]
    sso.disable_client(holder.parties["closing"].client_id, **who(holder))
    assert [introspected(holder, token, "asking") for token in every] == [False, False, False]
    assert holder.userinfo(got["access_token"]).status_code == 401
    assert holder.refresh(got["refresh_token"], "closing").json()["error"] == "invalid_client"

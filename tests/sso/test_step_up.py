"""A scope that spends points asks for the second factor: how long ago that was given is what the token says."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from noren.accounts.sessions import METHODS, SessionStore
from tests.clients import people
from tests.clients.browser import Browser
from tests.conformity.op import Op
from tests.sso.test_disclosure import another

READ, SPEND = "openid points:read", "openid points:spend"


@pytest.fixture
def shop(holder: Op) -> str:
    """A partner that is registered for points."""
    return another(holder, "openid", "points:read", "points:spend")


def browser(op: Op, *records: tuple[str, int]) -> Browser:
    """One in which these were given, so many seconds ago."""
    visitor = op.browser()
    key = people.session_of(op.account_id, at=op.now() - timedelta(hours=1))
    store = SessionStore(key)
    store[METHODS] = [{"method": name, "at": op.clock() - age} for name, age in records]
    store.save()
    visitor.set_cookie(settings.NOREN_URL, settings.SESSION_COOKIE_NAME, key)
    return visitor


def age_told(op: Op, shop: str, scope: str, records: Sequence[tuple[str, int]], **more: str) -> int:
    """How old the proof is by the access token, in seconds."""
    got = op.tokens(shop, browser(op, *records), scope=scope, **more)
    return int(op.clock()) - int(op.claims(got["access_token"])["auth_time"])


STALE = [("password", 3000), ("code", 3000), ("password", 5)]


def test_a_password_makes_no_second_factor_young(holder: Op, shop: str) -> None:
    assert age_told(holder, shop, READ, STALE) < 60
    assert age_told(holder, shop, SPEND, STALE) > 2900
    assert age_told(holder, shop, SPEND, [("password", 3000), ("code", 100)]) < 160


def test_who_never_gave_one_has_none(holder: Op, shop: str) -> None:
    assert age_told(holder, shop, SPEND, [("password", 5)]) > 10**9


@pytest.mark.parametrize(("scope", "page"), [(SPEND, "/account/confirm/"), (READ, "/account/reauthenticate/")])
def test_a_partner_that_asks_for_a_young_one_has_it_asked_for(holder: Op, shop: str, scope: str, page: str) -> None:
    records = [("password", 3000), ("code", 3000)]
    landing = holder.authorize(shop, browser(holder, *records), scope=scope, max_age="600")
    assert landing.told == {}
    assert str(landing.page.url.path) == page


def test_a_young_password_is_not_enough_for_max_age(holder: Op, shop: str) -> None:
    ask: Callable[..., Any] = holder.authorize
    asked = {"scope": SPEND, "max_age": "600", "acr_values": "urn:noren:acr:2"}
    assert ask(shop, browser(holder, *STALE), **asked, prompt="none").told["error"] == "login_required"
    young = browser(holder, ("password", 3000), ("code", 100))
    assert ask(shop, young, **asked).code


def test_nobody_has_the_points_scopes_who_was_not_registered_for_them(holder: Op) -> None:
    got = holder.tokens("basic", scope=f"{SPEND} points:read")
    assert got["scope"] == "openid"


def test_the_scopes_are_in_the_metadata_and_the_consent_says_what_they_mean(holder: Op, shop: str) -> None:
    assert {"points:read", "points:spend"} <= set(holder.metadata["scopes_supported"])
    visitor = holder.browser(says="nothing")
    page = holder.authorize(shop, visitor, scope=f"{SPEND} points:read").page
    assert "Your points, their history and reasons" in page.text
    assert "The right to use your points" in page.text

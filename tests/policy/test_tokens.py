"""What a partner was given on the strength of a sign-in counts only as long as the sign-in fulfils the policy."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from noren.accounts.models import Session
from noren.accounts.policy import Method
from noren.groups import actions as groups
from noren.sso.models import Grant
from tests.cast import ENGINEER
from tests.conformity.fapi import Client
from tests.conformity.op import Op
from tests.policy import cast
from tests.policy.cast import KITA
from tests.sso.cast import ALIVE, DEAD, Deal, live
from tests.sso.conftest import clock, holder, later, machine, op, standing
from tests.sso.test_statements import code, refresh, taken

__all__ = ["clock", "holder", "later", "machine", "op", "standing"]

PASSKEYS = frozenset({Method.PASSKEY})
Ask = Callable[..., None]


@pytest.fixture
def ask(holder: Op) -> Iterator[Ask]:
    """Let the person's corporation ask something; at the end it asks nothing."""

    def asks(**settings: Any) -> None:
        cast.ask(KITA, holder.now(), **settings)

    yield asks
    groups.clear_policy(KITA, actor=ENGINEER, now=holder.now())


def refused(op: Op, token: str) -> bool:
    answer = op.refresh(token)
    return (answer.status_code, answer.json().get("error")) == (400, "invalid_grant")


@pytest.mark.parametrize("settings", [{"methods": PASSKEYS}, {"session_minutes": 5}])
def test_tokens_end_with_a_policy_that_the_sign_in_does_not_fulfil_and_live_with_one_that_it_does(
    holder: Op, ask: Ask, settings: dict[str, Any]
) -> None:
    got = holder.tokens(scope="openid")
    assert live(holder, got) == ALIVE
    Grant.objects.update(began_at=holder.now() - timedelta(minutes=6))
    ask(session_minutes=60, methods=frozenset({Method.MAIL}), second_factor=True, networks=("192.0.2.0/24",))
    assert live(holder, got) == ALIVE
    ask(**settings)
    assert live(holder, got) == DEAD
    assert refused(holder, got["refresh_token"])
    ask(devices=5)
    assert holder.refresh(got["refresh_token"]).status_code == 200  # it was refused, not used up


def test_a_second_factor_is_asked_of_the_sign_in_of_a_token(holder: Op, ask: Ask) -> None:
    got = holder.tokens()
    Grant.objects.update(methods=["password", "trusted_browser"])
    ask(second_factor=True)
    assert live(holder, got) == DEAD


def test_offline_access_lasts_no_longer_than_a_sign_in_may(holder: Op, ask: Ask) -> None:
    got = holder.tokens(scope="openid offline_access")
    Session.objects.filter(account_id=holder.account_id).delete()
    ask(session_minutes=60)
    assert live(holder, got) == ALIVE
    Grant.objects.update(began_at=holder.now() - timedelta(minutes=60))
    assert live(holder, got) == DEAD


def test_of_more_browsers_than_may_be_only_the_newest_keep_their_tokens(holder: Op, ask: Ask) -> None:
    first = holder.tokens(browser=holder.browser())
    second = holder.tokens(browser=holder.browser())
    ask(devices=1)
    assert (live(holder, first), live(holder, second)) == (DEAD, ALIVE)


def test_a_code_and_a_device_code_are_refused_too(holder: Op, ask: Ask) -> None:
    deal = Deal.of(holder, "basic")
    code, device_code = deal.code(), deal.device_code()
    ask(methods=PASSKEYS)
    assert deal.redeem(code) == ""
    assert str(deal.ask(device_code)) == "invalid_grant"


def test_a_partner_that_asks_without_a_page_hears_that_a_sign_in_is_needed(holder: Op, ask: Ask) -> None:
    browser = holder.browser()
    holder.tokens(browser=browser)
    ask(methods=PASSKEYS)
    assert holder.authorize(browser=browser, prompt="none").told["error"] == "login_required"


def test_a_partner_that_sends_a_browser_gets_it_back_once_the_policy_is_fulfilled(holder: Op, ask: Ask) -> None:
    browser = holder.browser()
    ask(methods=PASSKEYS)
    page = holder.authorize(browser=browser).page
    assert urlsplit(str(page.url)).path == "/account/rules/"
    assert "policy.method" in page.text
    groups.clear_policy(KITA, actor=ENGINEER, now=holder.now())
    back = browser.get(str(page.url), holder.parties["basic"].redirect_uri)
    assert back.is_redirect or "/oidc/" in str(back.url)


def test_a_browser_outside_the_networks_is_signed_out_and_the_partner_hears_it(holder: Op, ask: Ask) -> None:
    browser = holder.browser()
    got = holder.tokens(browser=browser)
    ask(networks=("203.0.113.0/24",))
    assert live(holder, got) == ALIVE  # the partner's server is somewhere else, and may be
    assert holder.authorize(browser=browser, prompt="none").told["error"] == "login_required"
    assert live(holder, got) == DEAD
    assert not Session.objects.filter(account_id=holder.account_id).exists()


def test_a_token_under_a_policy_takes_as_many_statements(holder: Op, ask: Ask, machine: str) -> None:
    client = Client(holder, machine)
    ask(session_minutes=60, second_factor=True, devices=4, methods=frozenset({Method.MAIL}))
    for grant in (code, refresh):
        assert taken(grant(client, client.proof("token_endpoint"))) == 3

"""What is brought twice gives nothing, and ends what it gave before; at the front door, as partners see it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.conformity.fapi import Client
from tests.conformity.op import Landing, Op
from tests.sso.cast import ALIVE, DEVICE, device_allowed, is_dead, live


def refused(answer: httpx.Response, error: str = "invalid_grant") -> bool:
    assert (answer.status_code, answer.json()["error"]) == (400, error), answer.text
    return True


def traded(op: Op, party: str = "basic") -> tuple[Landing, dict[str, Any]]:
    """A code, and the tokens it gave."""
    landing = op.authorize(party)
    got = op.trade(landing, party)
    assert got.status_code == 200, got.text
    assert live(op, got.json(), party) == ALIVE
    return landing, got.json()


@pytest.mark.parametrize("seconds", [0, 61])
def test_replayed_code_ends_the_tokens_that_it_gave(holder: Op, later: Callable[[float], None], seconds: float) -> None:
    """Also when it would be too old for a first use."""
    landing, got = traded(holder)
    later(seconds)
    assert refused(holder.trade(landing))
    assert is_dead(holder, got)


def test_replayed_code_ends_the_family_that_has_gone_on(holder: Op) -> None:
    landing, got = traded(holder)
    newer = holder.refresh(got["refresh_token"]).json()
    assert refused(holder.trade(landing))
    assert is_dead(holder, newer)
    assert live(holder, got)["access"] is False


def test_replayed_refresh_token_ends_its_family(holder: Op) -> None:
    """The newest token of the family is refused, and access tokens of all its generations end."""
    _landing, first = traded(holder)
    second = holder.refresh(first["refresh_token"]).json()
    third = holder.refresh(second["refresh_token"]).json()
    assert live(holder, third) == ALIVE
    assert refused(holder.refresh(first["refresh_token"]))
    assert is_dead(holder, third)
    assert [live(holder, one)["access"] for one in (first, second)] == [False, False]


def test_other_sign_ons_of_the_person_go_on(holder: Op) -> None:
    landing, got = traded(holder)
    _other, kept = traded(holder)
    assert refused(holder.trade(landing))
    assert is_dead(holder, got)
    assert live(holder, kept) == ALIVE


def test_device_code_gives_once(holder: Op) -> None:
    device_code = device_allowed(holder, "basic")
    ask: dict[str, Any] = {"grant_type": DEVICE, "device_code": device_code}
    got = holder.post("token_endpoint", "basic", **ask)
    assert got.status_code == 200, got.text
    assert live(holder, got.json()) == ALIVE
    assert refused(holder.post("token_endpoint", "basic", **ask))


def test_pushed_request_is_gone_in_another_browser(holder: Op, client: Client) -> None:
    reference, landing = client.pushed()
    assert client.follow(reference, landing).code
    assert not client.follow(reference, landing, holder.browser()).told


NOT_THE_PARTNER: dict[str, Callable[[Op, Landing, dict[str, Any]], httpx.Response]] = {
    "code by another": lambda op, landing, _got: op.trade(landing, "post"),
    "code without the secret": lambda op, landing, _got: op.trade(wrong_secret(op, landing)),
    "code for another address": lambda op, landing, _got: op.trade(landing, redirect_uri="https://a.example/"),
    "made-up code": lambda op, landing, _got: op.trade(altered(landing)),
    "refresh by another": lambda op, _landing, got: op.refresh(got["refresh_token"], "post"),
    "made-up refresh": lambda op, _landing, got: op.refresh(guessed(got["refresh_token"])),
    "older half": lambda op, _landing, got: op.refresh(got["refresh_token"].rpartition(".")[0]),
}


def wrong_secret(op: Op, landing: Landing) -> Landing:
    """The landing, after somebody tried the code with a secret of their own."""
    spy = replace(op, parties={"basic": replace(op.parties["basic"], secret="guessed")})
    answer = spy.trade(landing)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    return altered(landing)


def altered(landing: Landing) -> Landing:
    """A landing with a code of the same grant that was never given."""
    return replace(
        landing, told={**landing.told, "code": landing.code[:-1] + ("A" if landing.code[-1] != "A" else "B")}
    )


def guessed(token: str) -> str:
    """A refresh token of the same grant with a handle that was never given."""
    grant, _handle, secret = token.split(".")
    return f"{grant}.{'h' * 43}.{secret}"


@pytest.mark.parametrize("how", NOT_THE_PARTNER)
def test_nobody_else_ends_a_partners_tokens_by_bringing_them(holder: Op, how: str) -> None:
    landing, got = traded(holder)
    assert refused(NOT_THE_PARTNER[how](holder, landing, got))
    assert live(holder, got) == ALIVE


def test_a_refresh_for_more_scope_is_refused_and_the_token_stays(holder: Op) -> None:
    _landing, got = traded(holder)
    form = {"grant_type": "refresh_token", "refresh_token": got["refresh_token"]}
    assert refused(holder.post("token_endpoint", "basic", **form, scope="openid email"), "invalid_scope")
    assert live(holder, got) == ALIVE
    assert holder.post("token_endpoint", "basic", **form, scope="openid").status_code == 200


def test_refresh_token_ends_after_thirty_days(holder: Op, later: Callable[[float], None]) -> None:
    """One with offline access, since the sign-in itself does not last as long."""
    got = holder.tokens(scope="openid offline_access", prompt="consent")
    later(30 * 86400 - 5)
    assert live(holder, got)["refresh"] is True
    later(10)
    assert live(holder, got)["refresh"] is False
    assert refused(holder.refresh(got["refresh_token"]))

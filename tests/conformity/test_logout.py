"""The modules of the plans for RP-initiated and for back-channel logout, each by its name."""

from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx

from noren.outbox import actions as outbox
from noren.outbox.models import Message
from tests.clients.browser import Browser, the_form
from tests.clients.cast import AFTER_LOGOUT
from tests.conformity.op import Op, header

EVENT = "http://schemas.openid.net/event/backchannel-logout"


def leave(op: Op, browser: Browser, **asked: str) -> httpx.Response:
    """Go to the end-session endpoint, as far as the relying party or a page of the provider."""
    url = op.metadata["end_session_endpoint"]
    return browser.get(f"{url}?{urlencode(asked)}" if asked else url, AFTER_LOGOUT)


def agree(op: Op, browser: Browser, page: httpx.Response) -> httpx.Response:
    """Say yes, if the provider asks."""
    if page.is_redirect or "<form" not in page.text:
        return page
    typed = op.answer(page, browser)
    return browser.submit(page, the_form(page), AFTER_LOGOUT, **typed) if typed is not None else page


def is_signed_in(op: Op, browser: Browser) -> bool:
    told = op.authorize(browser=browser, prompt="none").told
    assert "code" in told or told["error"] == "login_required", told
    return "code" in told


def goes_nowhere(page: httpx.Response) -> bool:
    """The person stays at the provider."""
    return not page.headers.get("location", "").startswith(AFTER_LOGOUT)


def signed_on(op: Op) -> tuple[Browser, str]:
    """A browser with a session, and the ID token it gave."""
    browser = op.browser()
    return browser, op.tokens(browser=browser)["id_token"]


def refused(op: Op, **asked: str) -> None:
    """The request is not followed: no redirect to the address in it, whatever the person says."""
    browser, hint = signed_on(op)
    asked = {name: value.replace("HINT", hint) for name, value in asked.items()}
    page = agree(op, browser, leave(op, browser, **asked))
    assert goes_nowhere(page)


def tampered(token: str) -> str:
    """The token with another subject and the old signature."""
    head, _body, signature = token.split(".")
    return f"{head}.eyJzdWIiOiJhbm90aGVyIn0.{signature}"


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(op: Op) -> None:
    assert op.metadata["end_session_endpoint"] == f"{op.issuer}/oidc/logout"


def test_oidcc_rp_initiated_logout(op: Op) -> None:
    browser, hint = signed_on(op)
    assert is_signed_in(op, browser)
    page = leave(op, browser, id_token_hint=hint, post_logout_redirect_uri=AFTER_LOGOUT, state="of mine")
    page = agree(op, browser, page)
    assert page.headers["location"] == f"{AFTER_LOGOUT}?state=of+mine"
    assert not is_signed_in(op, browser)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(op: Op) -> None:
    refused(op, id_token_hint="HINT", post_logout_redirect_uri="https://evil.example.jp/")


def test_oidcc_rp_initiated_logout_modified_id_token_hint(op: Op) -> None:
    browser, hint = signed_on(op)
    page = leave(op, browser, id_token_hint=tampered(hint), post_logout_redirect_uri=AFTER_LOGOUT)
    assert goes_nowhere(agree(op, browser, page))


def test_oidcc_rp_initiated_logout_no_id_token_hint(op: Op) -> None:
    """Nobody knows who asks: the person is asked, and stays."""
    browser, _hint = signed_on(op)
    page = leave(op, browser, post_logout_redirect_uri=AFTER_LOGOUT, state="x")
    assert goes_nowhere(page)
    assert is_signed_in(op, browser)
    assert goes_nowhere(agree(op, browser, page))


def test_oidcc_rp_initiated_logout_no_params(op: Op) -> None:
    browser, _hint = signed_on(op)
    page = leave(op, browser)
    assert page.status_code == 200
    assert is_signed_in(op, browser), "the person is asked first"
    assert agree(op, browser, page).status_code == 200
    assert not is_signed_in(op, browser)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(op: Op) -> None:
    browser, hint = signed_on(op)
    assert agree(op, browser, leave(op, browser, id_token_hint=hint, state="x")).status_code == 200
    assert not is_signed_in(op, browser)


def test_oidcc_rp_initiated_logout_no_state(op: Op) -> None:
    browser, hint = signed_on(op)
    page = agree(op, browser, leave(op, browser, id_token_hint=hint, post_logout_redirect_uri=AFTER_LOGOUT))
    assert page.headers["location"] == AFTER_LOGOUT
    assert not is_signed_in(op, browser)


def test_oidcc_rp_initiated_logout_only_state(op: Op) -> None:
    browser, _hint = signed_on(op)
    assert agree(op, browser, leave(op, browser, state="x")).status_code == 200
    assert not is_signed_in(op, browser)


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(op: Op) -> None:
    refused(op, id_token_hint="HINT", post_logout_redirect_uri=f"{AFTER_LOGOUT}?foo=bar")


def test_oidcc_rp_initiated_logout_bad_id_token_hint(op: Op) -> None:
    refused(op, id_token_hint="not a token", post_logout_redirect_uri=AFTER_LOGOUT)


# Back-channel


def test_oidcc_backchannel_logout_discovery_endpoint_verification(op: Op) -> None:
    assert op.metadata["backchannel_logout_supported"] is True
    assert op.metadata["backchannel_logout_session_supported"] is True


def posted(op: Op) -> dict[str, str]:
    """What the outbox has for partner services now, by address."""
    sent: list[Message] = []
    while outbox.deliver(sent.append, op.now):
        pass
    return {message.recipient: message.body for message in sent if message.channel == "post"}


def test_oidcc_backchannel_rp_initiated_logout(op: Op) -> None:
    browser = op.browser()
    got = op.tokens("apache", browser=browser)
    signed = op.claims(got["id_token"])
    posted(op)

    page = leave(op, browser, id_token_hint=got["id_token"], post_logout_redirect_uri=AFTER_LOGOUT)
    assert agree(op, browser, page).headers["location"] == AFTER_LOGOUT

    form = parse_qs(posted(op)[op.parties["apache"].backchannel])
    (token,) = form["logout_token"]
    assert header(token).get("typ", "").lower() in {"logout+jwt", "jwt"}
    told: dict[str, Any] = op.claims(token)
    assert (told["iss"], told["aud"]) == (op.issuer, signed["aud"])
    assert (told["sub"], told["sid"]) == (signed["sub"], signed["sid"])
    assert told["events"] == {EVENT: {}}
    assert told["jti"]
    assert "nonce" not in told
    assert 0 < told["exp"] - told["iat"] <= 120
    assert not is_signed_in(op, browser)

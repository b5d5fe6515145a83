"""What a partner learns is what was agreed to, and nothing that two partners could put together."""

import json
from typing import Any

import pytest

from noren.sso import actions
from noren.sso.rules import SubjectType
from tests.cast import ENGINEER
from tests.clients.cast import AFTER_LOGOUT, CALLBACK, Party
from tests.conformity.op import Op

EVERYTHING = ("name", "email", "phone_number", "account_id", "account_kind", "corporation_name", "preferred_username")
WISHES = json.dumps({part: dict.fromkeys(EVERYTHING) for part in ("userinfo", "id_token")})


def another(op: Op, *scopes: str) -> str:
    """One more partner, registered for these scopes; its name among the parties."""
    made = actions.add_client(
        name="Another",
        redirect_uris=[CALLBACK],
        post_logout_redirect_uris=[AFTER_LOGOUT],
        scopes=scopes,
        subject_type=SubjectType.PAIRWISE,
        actor=ENGINEER,
        now=op.now(),
    )
    name = made.client_id
    op.parties[name] = Party(made.client_id, "client_secret_basic", secret=made.secret)
    return name


def learned(op: Op, got: dict[str, Any]) -> set[str]:
    told = {**op.claims(got["id_token"]), **op.userinfo(got["access_token"]).json()}
    return {name for name in EVERYTHING if name in told}


def test_a_wish_for_a_claim_gives_nothing_that_was_not_registered(holder: Op) -> None:
    party = another(holder, "openid", "profile")
    got = holder.tokens(party, scope="openid", claims=WISHES)
    assert learned(holder, got) == {"name", "preferred_username"}
    assert got["scope"] == "openid profile"


def test_a_wish_for_a_claim_is_agreed_to_like_its_scope(holder: Op) -> None:
    party = another(holder, "openid", "email")
    browser = holder.browser()
    assert learned(holder, holder.tokens(party, browser, scope="openid")) == set()
    more = {"scope": "openid", "claims": json.dumps({"userinfo": {"email": None}})}
    assert holder.authorize(party, browser, prompt="none", **more).told["error"] == "consent_required"
    assert learned(holder, holder.tokens(party, browser, **more)) == {"email"}
    assert holder.authorize(party, browser, prompt="none", **more).code


@pytest.mark.parametrize("name", ["sid", "sub"])
def test_two_partners_cannot_put_their_people_together(holder: Op, name: str) -> None:
    browser = holder.browser()
    parties = (another(holder, "openid"), another(holder, "openid"))
    told = [holder.claims(holder.tokens(party, browser, scope="openid")["id_token"])[name] for party in parties]
    again = holder.claims(holder.tokens(parties[0], browser, scope="openid")["id_token"])[name]
    assert told[0] == again
    if name == "sid":
        assert told[0] != told[1]


def test_the_name_of_a_sign_in_ends_it_at_once_for_the_partner_that_has_it(holder: Op) -> None:
    browser = holder.browser()
    mine, other = another(holder, "openid"), another(holder, "openid")
    got = holder.tokens(mine, browser, scope="openid")
    holder.tokens(other, browser, scope="openid")
    page = browser.get(f"{holder.metadata['end_session_endpoint']}?id_token_hint={got['id_token']}", AFTER_LOGOUT)
    assert "decision" not in page.text
    assert holder.authorize(other, browser, prompt="none", scope="openid").told["error"] == "login_required"

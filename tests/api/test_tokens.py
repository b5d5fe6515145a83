"""Which access tokens open the API: those that count now, for this, shown by whom they belong to."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from noren.accounts import actions as accounts
from noren.accounts.rules import LockReason
from noren.api import clock, limits
from noren.lifecycle import actions as lifecycle
from noren.sso import actions, keys, tokens
from noren.sso.rules import ACR_ONE, POINTS_READ, POINTS_SPEND
from tests.api import partner as partners
from tests.api.partner import NOW, V1, Partner
from tests.api.test_reading import told
from tests.cast import ENGINEER
from tests.conformity.op import Proofs
from tests.members.desk import Desk
from tests.spending.desk import uid

BALANCE = f"/members/{uid('L1')}/balance"
RESERVATIONS = f"/members/{uid('L1')}/reservations"


def challenge(answer: Any) -> dict[str, str]:
    """The parameters of WWW-Authenticate, and its scheme under the empty name."""
    scheme, _space, rest = answer["WWW-Authenticate"].partition(" ")
    return {"": scheme, **dict(re.findall(r'(\w+)="([^"]*)"', rest))}


def test_without_a_token_it_is_asked_for(partner: Partner) -> None:
    answer = replace(partner, token="").get(BALANCE)
    assert told(answer, 401)["code"] == "api.no_token"
    assert challenge(answer) == {"": "Bearer", "realm": "noren", "scope": "points:read"}


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "e30.e30.e30", "x" * 9000])
def test_what_is_no_token_of_ours_is_refused(partner: Partner, token: str) -> None:
    answer = replace(partner, token=token).get(BALANCE)
    assert told(answer, 401)["code"] == "api.bad_token"
    assert challenge(answer)["error"] == "invalid_token"


def test_tokens_of_other_kinds_are_refused(partner: Partner) -> None:
    other = {"iss": "https://evil.example", "exp": 9_999_999_999}
    for claims, typ in ((other, "at+jwt"), ({**other, "iss": settings.NOREN_URL}, "JWT")):
        token = keys.sign(str(claims).replace("'", '"'), typ=typ)
        assert told(replace(partner, token=token).get(BALANCE), 401)["code"] == "api.bad_token"


ENDS: dict[str, Callable[[Partner], object]] = {
    "locked": lambda _: accounts.lock("A1", reason=LockReason.ADMINISTRATOR, actor=ENGINEER, now=NOW),
    "signed out everywhere": lambda _: lifecycle.sign_out("A1", actor=ENGINEER, now=NOW),
    "released": lambda it: actions.release("A1", it.client_id, actor=ENGINEER, now=NOW),
    "partner removed": lambda it: actions.disable_client(it.client_id, actor=ENGINEER, now=NOW),
    "revoked": lambda it: actions.revoke(it.token, by=it.by, issuer=settings.NOREN_URL, now=NOW),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_token_that_has_ended_opens_nothing_from_the_next_call_on(partner: Partner, end: str) -> None:
    told(partner.get(BALANCE))
    ENDS[end](partner)
    assert told(partner.get(BALANCE), 401)["code"] == "api.bad_token"
    assert told(partner.reserve(1), 401)["code"] == "api.bad_token"


def test_a_token_ends_after_ten_minutes(partner: Partner, desk: Desk) -> None:
    with partners.at(desk.place, NOW + timedelta(minutes=10)):
        assert told(partner.get(BALANCE), 401)["code"] == "api.bad_token"


OPENED = {
    POINTS_READ: {"/members": 200, BALANCE: 200, f"/members/{uid('L1')}/lots": 200, RESERVATIONS: 403},
    POINTS_SPEND: {"/members": 200, BALANCE: 403, f"/members/{uid('L1')}/history": 403, RESERVATIONS: 200},
    "openid": {"/members": 403, BALANCE: 403, RESERVATIONS: 403},
}


@pytest.mark.parametrize("scope", OPENED)
def test_a_scope_opens_what_it_says(scope: str) -> None:
    partner = Partner.registered(scope).of("A1")
    assert {path: partner.get(path).status_code for path in OPENED[scope]} == OPENED[scope]
    answer = partner.reserve(1)
    assert answer.status_code == (201 if scope == POINTS_SPEND else 403)
    if scope != POINTS_SPEND:
        assert told(answer, 403)["code"] == "api.scope_missing"
        assert challenge(answer) == {"": "Bearer", "error": "insufficient_scope", "scope": "points:spend"}


def test_a_partners_own_token_acts_for_nobody(partner: Partner) -> None:
    own = tokens.access_token(
        issuer=settings.NOREN_URL, subject=partner.client_id, client_id=partner.client_id,
        scope=f"{POINTS_READ} {POINTS_SPEND}", jkt="", now=NOW, more={},
    )  # fmt: skip
    for answer in (replace(partner, token=own).get(BALANCE), replace(partner, token=own).reserve(1)):
        assert told(answer, 403)["code"] == "api.no_person"


@pytest.mark.parametrize(("age", "acr", "status"), [(600, "", 201), (601, "", 401), (0, ACR_ONE, 401)])
def test_points_are_used_only_after_a_recent_second_factor(age: int, acr: str, status: int) -> None:
    partner = Partner.registered().of("A1", age=age, **({"acr": acr} if acr else {}))
    answer = partner.reserve(1, key="key-0001")
    assert answer.status_code == status, answer.content
    if status == 401:
        assert told(answer, 401)["code"] == "api.factor_needed"
        found = challenge(answer)
        assert (found["error"], found["acr_values"], found["max_age"]) == (
            "insufficient_user_authentication",
            "urn:noren:acr:2",
            "600",
        )
        fresh = replace(partner, token=partner.of("A1").token)
        assert fresh.reserve(1, key="key-0001").status_code == 201  # the no is not kept: the call may be sent again


def test_what_is_reserved_is_settled_without_another_second_factor() -> None:
    partner = Partner.registered().of("A1")
    made = [told(partner.reserve(1), 201)["id"] for _time in range(2)]
    later = replace(partner, token=partner.of("A1", age=5000).token)
    assert told(later.step(made[0], "capture"))["state"] == "captured"
    assert told(later.step(made[1], "void"))["state"] == "voided"
    assert told(later.step(made[0], "reverse"))["given_back"] == 1


def test_a_token_that_is_bound_to_a_key_needs_its_proof() -> None:
    proofs, url = Proofs(lambda: clock.now().timestamp()), f"{settings.NOREN_URL}{V1}{BALANCE}"
    bound = replace(Partner.registered().of("A1", jkt=proofs.thumbprint), scheme="DPoP")
    once = proofs.make("GET", url, token=bound.token)

    def get(proof: str, scheme: str = "DPoP") -> Any:
        headers = {"Authorization": f"{scheme} {bound.token}", **({"DPoP": proof} if proof else {})}
        return bound.http.get(f"{V1}{BALANCE}", headers=headers)

    told(get(once))
    others = {
        "used before": once,
        "none": "",
        "another address": proofs.make("GET", f"{settings.NOREN_URL}{V1}/members", token=bound.token),
        "another token": proofs.make("GET", url, token="other"),
        "another key": Proofs(proofs.clock).make("GET", url, token=bound.token),
    }
    for name, proof in others.items():
        answer = get(proof)
        assert told(answer, 401)["code"] == "api.bad_token", name
        assert challenge(answer)[""] == "DPoP", name
    assert get(proofs.make("GET", url, token=bound.token), scheme="Bearer").status_code == 401


def test_calls_are_limited_for_partner_and_person(partner: Partner) -> None:
    other = replace(partner, token=partner.of("A2").token)
    with override_settings(NOREN_API_CALLS_PER_MINUTE=30):
        answers = [partner.get("/members") for _time in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert told(answers[3], 429)["code"] == "limit.reached"
        assert answers[3]["Retry-After"] == "60"
        assert answers[0]["RateLimit"] == '"calls";r=2;t=60'
        assert answers[0]["RateLimit-Policy"] == '"partner";q=30;w=60, "person";q=3;w=60'
        assert other.get("/members").status_code == 200
    with override_settings(NOREN_API_CALLS_PER_MINUTE=6):
        assert other.get("/members").status_code == 429
    limits._window.number -= 1
    assert partner.get("/members").status_code == 200


READS = {
    "/members": 2,
    BALANCE: 3,
    f"/members/{uid('L1')}/lots": 3,
    f"/members/{uid('L1')}/history": 3,
    RESERVATIONS: 3,
}


@pytest.mark.parametrize("path", READS)
def test_reading_takes_a_handful_of_statements(partner: Partner, path: str) -> None:
    told(partner.get(path))
    with CaptureQueriesContext(connection) as asked:
        told(partner.get(path))
    assert len(asked) == READS[path], [one["sql"][:60] for one in asked]


def test_using_takes_ten_statements_with_transaction_audit_and_key(partner: Partner) -> None:
    made = told(partner.reserve(1), 201)["id"]
    with CaptureQueriesContext(connection) as asked:
        told(partner.reserve(1), 201)
    assert len(asked) == 10, [one["sql"][:60] for one in asked]
    with CaptureQueriesContext(connection) as asked:
        told(partner.step(made, "void"))
    assert len(asked) <= 16, [one["sql"][:60] for one in asked]


def test_a_cookie_opens_nothing(partner: Partner) -> None:
    partner.http.cookies[settings.SESSION_COOKIE_NAME] = "a-cookie-that-names-a-session-00"
    with CaptureQueriesContext(connection) as asked:
        answer = replace(partner, token="").get("/members")
    assert (answer.status_code, len(asked)) == (401, 0)
    assert "Set-Cookie" not in answer.headers


def test_an_accident_is_told_without_its_reason(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("what only the log may say")

    monkeypatch.setattr("noren.points.queries.balance", broken)
    answer = partner.get(BALANCE)
    assert told(answer, 500)["code"] == "api.failed"
    assert b"what only" not in answer.content


def test_sentences_come_in_the_callers_language_and_codes_never_change(partner: Partner) -> None:
    wished = ("en", "ja,en;q=0.5")
    english, japanese = (replace(partner, language=one).reserve(10_000).json() for one in wished)
    assert english["code"] == japanese["code"]
    assert english["type"] == japanese["type"] == "urn:noren:code:points.insufficient"
    assert english["detail"].isascii()
    assert not japanese["detail"].isascii()


def test_programs_of_any_origin_may_ask(partner: Partner) -> None:
    answer = partner.http.options(f"{V1}{RESERVATIONS}")
    assert answer.status_code == 204
    assert "Idempotency-Key" in answer["Access-Control-Allow-Headers"]
    assert partner.get("/members")["Access-Control-Allow-Origin"] == "*"

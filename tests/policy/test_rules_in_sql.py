"""What tokens and sessions look up is what the rule says."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from noren.accounts import actions, policy, queries
from noren.accounts.models import Session
from noren.accounts.policy import Attempt, Version, Why, why_not
from noren.accounts.sessions import SessionStore
from noren.kit.secrets import hashed
from tests.account_site.people import person
from tests.policy.worlds import NOON, attempts, same, versions
from tests.soak import many

pytestmark = pytest.mark.usefixtures("place")

often = how(max_examples=many(60, 1000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def put_under(account_id: str, written: Iterable[Version]) -> None:
    places = sorted({version.place for version in written} | {"group:a"})
    actions.keep_policy(places, written)
    actions.put_under({account_id: actions.policy_of(places)})


def signed_in(account_id: str, *, at: datetime, auth_hash: str = "same") -> UUID:
    sid = uuid4()
    Session.objects.create(
        session_key=hashed(str(sid)), session_data="", expire_date=NOON + timedelta(days=400), account_id=account_id,
        sid=sid, started_at=at, auth_hash=auth_hash,
    )  # fmt: skip
    return sid


def allows(account_id: str, attempt: Attempt, sid: UUID | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_policy_allows(policy_id, account_id, %s::jsonb, %s::timestamptz, %s::uuid, %s::timestamptz)"
            " FROM accounts_account WHERE account_id = %s",
            [json.dumps(sorted(attempt.methods)), attempt.began_at or attempt.at, sid, attempt.at, account_id],
        )
        row = cursor.fetchone()
    assert row is not None
    return bool(row[0])


def test_a_token_is_given_exactly_when_nothing_but_the_network_speaks_against_it() -> None:
    account_id = person()

    @often
    @given(versions, attempts)
    def holds(written: list[Version], attempt: Attempt) -> None:
        with transaction.atomic():
            put_under(account_id, written)
            sid = signed_in(account_id, at=NOON - timedelta(days=1))
            for number in range(attempt.newer):
                signed_in(account_id, at=NOON - timedelta(hours=number))
            for other in ("another", "") * 2:
                signed_in(account_id, at=NOON, auth_hash=other)
            against = why_not(policy.in_force(written, attempt.at), attempt)
            expected = not {reason.why for reason in against} - {Why.NETWORK}
            assert allows(account_id, attempt, sid) == expected
            transaction.set_rollback(True)

    holds()


def test_what_is_kept_is_what_is_in_force_at_every_moment() -> None:
    account_id = person()

    @often
    @given(versions, st.integers(-700, 700))
    def holds(written: list[Version], minutes: int) -> None:
        at = NOON + timedelta(minutes=minutes)
        with transaction.atomic():
            put_under(account_id, written)
            standing = queries.standing(account_id, at)
            assert standing is not None
            assert same(standing.effective, policy.in_force(written, at))
            assert [moment for moment, _ in standing.coming] == sorted(
                {one.from_at for one in written if one.from_at > at}
            )
            for moment, effective in standing.coming:
                assert same(effective, policy.in_force(written, moment))
            transaction.set_rollback(True)

    holds()


def test_a_session_without_a_sign_in_of_its_own_has_no_newer_ones() -> None:
    """Offline access outlives its session: how many browsers are signed in is no matter to it."""
    account_id = person()
    put_under(account_id, [Version("group:a", NOON, policy.Settings(devices=1))])
    signed_in(account_id, at=NOON)
    attempt = Attempt(frozenset(), "", NOON, NOON)
    assert allows(account_id, attempt, None)
    assert allows(account_id, attempt, uuid4())


def test_a_policy_without_a_step_allows_nothing() -> None:
    account_id = person()
    put_under(account_id, [])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_policy_step")
    assert not allows(account_id, Attempt(frozenset({"passkey"}), "", NOON, NOON), None)
    store = SessionStore()
    store["_auth_user_id"] = account_id
    store.create()
    with pytest.raises(TypeError):
        SessionStore(store.session_key).load()

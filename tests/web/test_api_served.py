"""The REST API as `noren serve` runs it: one key from sixteen connections at once reserves once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import httpx
from django.test import override_settings

from noren.cli import arguments
from noren.members.rules import MemberKind, uid_of
from noren.points import actions as points
from noren.points import queries
from noren.points.rules import LotKey, WalletKey
from tests import site as sites
from tests.api.partner import V1, Partner, wish
from tests.cast import ENGINEER
from tests.conftest import Place

LOT = LotKey(kind="normal", is_limited=False, uses="*", lapses_on=date(9999, 5, 31))


def test_one_key_from_sixteen_connections_reserves_once(place: Place) -> None:
    with sites.running(place) as site, override_settings(NOREN_URL=site.url):
        site.corporation()
        account_id = site.person("hanako@example.jp")
        uid, now = uid_of(MemberKind.ACCOUNT, account_id), arguments.clock()
        points.grant(
            wallet=WalletKey(uid, "account", account_id), lot=LOT, points=100, on=now.date(), actor=ENGINEER, now=now,
            key="fill", reason="",
        )  # fmt: skip
        headers = {**Partner.registered().of(account_id).headers(), "Idempotency-Key": "key-0001"}

        def ask(_number: int) -> tuple[int, bytes]:
            answer = httpx.post(
                f"{site.url}{V1}/members/{uid}/reservations", json=wish(30), headers=headers, timeout=60
            )
            return answer.status_code, answer.content

        with ThreadPoolExecutor(16) as crew:
            [(status, body)] = set(crew.map(ask, range(16)))
        assert (status, json.loads(body)["points"]) == (201, 30)
        assert queries.balance(uid, now.date()).spendable == 70
        told = httpx.get(f"{site.url}{V1}/members", headers=headers).json()
        assert [one["id"] for one in told["items"]] == [str(uid)]
        assert httpx.get(f"{site.url}{V1}/docs", headers={"Accept-Language": "ja"}).status_code == 200

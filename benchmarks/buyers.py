"""People with points who agreed that a partner uses them, each with an access token."""

from datetime import date
from typing import cast

from django.conf import settings

from benchmarks.persons import ACTOR, CALLBACK, now
from noren.accounts import queries as accounts
from noren.lifecycle import actions as lifecycle
from noren.members.rules import MemberKind, uid_of
from noren.points import actions as points
from noren.points.rules import LotKey, WalletKey
from noren.sso import actions as sso
from noren.sso import queries, tokens
from noren.sso.actions import Person
from noren.sso.actions.consent import open_grant
from noren.sso.queries import ClientRow
from noren.sso.rules import ACR_TWO, API_SCOPES

POINTS = 10**9
LOT = LotKey(kind="normal", is_limited=False, uses="*", lapses_on=date(9999, 5, 31))


def make(corporation_id: str, count: int) -> list[dict[str, str]]:
    """So many, whose second factor is as young as this call: client, grant, account, wallet and token of each."""
    made = sso.add_client(name="Shop", redirect_uris=[CALLBACK], scopes=API_SCOPES, actor=ACTOR, now=now())
    client = cast("ClientRow", queries.client(made.client_id))
    return [_buyer(client, corporation_id, f"buyer-{number:05d}") for number in range(count)]


def _buyer(client: ClientRow, corporation_id: str, login: str) -> dict[str, str]:
    account_id = lifecycle.issue(
        corporation_id=corporation_id, login_id=login, name="見本花子", active=True, actor=ACTOR, now=now()
    )
    uid = uid_of(MemberKind.ACCOUNT, account_id)
    wallet, today = WalletKey(uid, "account", account_id), now().date()
    points.grant(wallet=wallet, lot=LOT, points=POINTS, on=today, actor=ACTOR, now=now(), key="fill", reason="")
    sso.consent(account_id, client.client_id, API_SCOPES, actor=ACTOR, now=now())
    at, epoch = int(now().timestamp()), accounts.account(account_id).epoch
    person = Person(account_id, epoch, None, at, ACR_TWO, ["pwd", "otp", "mfa"], factor_time=at)
    grant = open_grant(client, person, API_SCOPES, now=now())
    token = tokens.access_token(
        issuer=settings.NOREN_URL,
        subject=grant.subject,
        client_id=client.client_id,
        scope=grant.scope,
        jkt="",
        now=now(),
        more={"gid": grant.grant_id.hex, "auth_time": at, "acr": ACR_TWO},
    )
    told = {"client_id": client.client_id, "grant_id": grant.grant_id.hex, "account_id": account_id}
    return {**told, "wallet_id": str(uid), "token": token}

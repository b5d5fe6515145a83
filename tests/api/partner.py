"""A partner service as it calls the API: registered, agreed to, with a token, from September 2021."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.conf import settings
from django.test import Client, override_settings

from noren.accounts.models import Account
from noren.api import clock
from noren.kit.secrets import hashed
from noren.sso import actions, queries, tokens
from noren.sso.actions import Credentials, Person
from noren.sso.rules import ACR_TWO, API_SCOPES, ClientAuth, challenge_of
from tests.cast import ENGINEER
from tests.conftest import Place
from tests.spending.desk import uid

NOW = datetime(2021, 9, 1, 3, tzinfo=UTC)
CALLBACK = "https://shop.example.jp/callback"
VERIFIER = "v" * 43
V1 = "/api/v1"


@contextmanager
def at(place: Place, now: datetime = NOW) -> Iterator[None]:
    """Let the API's clock stand, and its archive lie in the place."""
    with override_settings(NOREN_HOME=place.home), patch.object(clock, "now", return_value=now):
        yield


@dataclass(frozen=True)
class Partner:
    """A partner, and how it calls."""

    client_id: str
    by: Credentials
    token: str = ""
    scheme: str = "Bearer"
    language: str = "en"
    http: Client = field(default_factory=lambda: Client(HTTP_HOST="localhost:8000", raise_request_exception=False))

    @classmethod
    def registered(cls, *scopes: str, name: str = "Shop") -> "Partner":
        """Known to the provider, for these scopes."""
        made = actions.add_client(
            name=name, redirect_uris=[CALLBACK], scopes=scopes or API_SCOPES, actor=ENGINEER, now=NOW
        )
        return cls(made.client_id, Credentials(made.client_id, ClientAuth.BASIC, hashed(made.secret)))

    def of(self, account_id: str, *scopes: str, age: int = 0, acr: str = ACR_TWO, jkt: str = "") -> "Partner":
        """With a token for the person, who agreed and gave a second factor `age` seconds ago."""
        client = queries.client(self.client_id)
        assert client is not None
        wanted = scopes or client.scopes
        actions.consent(account_id, self.client_id, wanted, actor=ENGINEER, now=NOW)
        proved = int(clock.now().timestamp()) - age
        epoch = Account.objects.get(pk=account_id).epoch
        person = Person(account_id, epoch, None, proved, acr, ["pwd", "otp", "mfa"], factor_time=proved)
        more: dict[str, Any] = {"challenge": challenge_of(VERIFIER), "nonce": "", "jkt": jkt, "claims": {}}
        code = actions.authorize(client, person, wanted, redirect_uri=CALLBACK, now=clock.now(), **more)
        assert code is not None
        found = actions.redeem_code(
            code, by=self.by, redirect_uri=CALLBACK, verifier=VERIFIER, jkt=jkt, now=clock.now()
        )
        assert found is not None
        token = tokens.of_grant(found[0], issuer=settings.NOREN_URL, now=clock.now())
        return replace(self, token=token)

    def headers(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        own = {"Authorization": f"{self.scheme} {self.token}"} if self.token else {}
        return {"Accept-Language": self.language, **own, **(more or {})}

    def get(self, path: str, **query: object) -> Any:
        return self.http.get(f"{V1}{path}", {key: str(value) for key, value in query.items()}, headers=self.headers())

    def post(self, path: str, body: object = None, *, key: str | None = "", **headers: str) -> Any:
        """`key` empty: one of its own; None: without."""
        own = {} if key is None else {"Idempotency-Key": key or secrets.token_hex(8)}
        return self.http.post(
            f"{V1}{path}", {} if body is None else body, content_type="application/json",
            headers=self.headers({**own, **headers}),
        )  # fmt: skip

    def reserve(self, amount: int, *, line: str = "L1", key: str = "", **more: object) -> Any:
        return self.post(f"/members/{uid(line)}/reservations", wish(amount, **more), key=key)

    def step(self, made: str | UUID, what: str, body: object = None, *, line: str = "L1", key: str = "") -> Any:
        return self.post(f"/members/{uid(line)}/reservations/{made}/{what}", body, key=key)


def wish(amount: int, **more: object) -> dict[str, object]:
    """What a reservation asks."""
    return {"points": amount, "use": "goods", "reference": "order 1", **more}

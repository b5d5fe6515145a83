"""The units that are measured, as steps of the load client. They are the same for each provider."""

import hashlib
import json
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from benchmarks.loader import Answer, Connection, UnexpectedError

CALLBACK = "http://localhost:9/callback"
SCOPE = "openid profile offline_access"


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider answers, and the partner that it knows."""

    authorize: str
    token: str
    introspect: str
    client_id: str
    secret: str

    @property
    def basic(self) -> dict[str, str]:
        """The partner's credentials, as a header."""
        return {"Authorization": "Basic " + b64encode(f"{self.client_id}:{self.secret}".encode()).decode()}


@dataclass(slots=True)
class Code:
    """A whole sign-on: the request of a browser that is signed in, then the code's redemption."""

    provider: Provider
    cookies: str

    async def __call__(self, connection: Connection) -> None:
        """One flow."""
        await self.tokens(connection)

    async def tokens(self, connection: Connection) -> dict[str, Any]:
        """What the partner gets."""
        verifier = secrets.token_urlsafe(32)
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self.provider.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": SCOPE,
            "state": secrets.token_urlsafe(12),
            "nonce": secrets.token_urlsafe(12),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        path = f"{self.provider.authorize}?{urlencode(asked)}"
        answer = await connection.send("GET", path, {"Cookie": self.cookies})
        told = dict(parse_qsl(urlsplit(answer.header("location")).query))
        if answer.status not in (302, 303) or "code" not in told:
            raise UnexpectedError(f"{answer.status} {answer.headers!r} {answer.body[:500]!r}")
        trade = {
            "grant_type": "authorization_code",
            "code": told["code"],
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        }
        return await _post(connection, self.provider.token, self.provider, trade)


@dataclass(slots=True)
class Refresh:
    """A refresh token for the next one."""

    code: Code
    token: str = ""

    async def __call__(self, connection: Connection) -> None:
        """One rotation; the first one begins with a sign-on."""
        if not self.token:
            self.token = (await self.code.tokens(connection))["refresh_token"]
        asked = {"grant_type": "refresh_token", "refresh_token": self.token}
        self.token = (await _post(connection, self.code.provider.token, self.code.provider, asked))["refresh_token"]


@dataclass(slots=True)
class ClientCredentials:
    """An access token for the partner itself."""

    provider: Provider

    async def __call__(self, connection: Connection) -> None:
        """One token."""
        await self.token(connection)

    async def token(self, connection: Connection) -> str:
        """The token."""
        told = await _post(connection, self.provider.token, self.provider, {"grant_type": "client_credentials"})
        return str(told["access_token"])


@dataclass(slots=True)
class Introspection:
    """Whether the access token of a person counts; it does."""

    code: Code
    token: str = ""

    async def __call__(self, connection: Connection) -> None:
        """One question; the first one begins with a sign-on."""
        if not self.token:
            self.token = (await self.code.tokens(connection))["access_token"]
        told = await _post(connection, self.code.provider.introspect, self.code.provider, {"token": self.token})
        if told["active"] is not True:
            raise UnexpectedError(f"{told}")


@dataclass(slots=True)
class SignIn:
    """The sign-in form sent with the right password, from a browser that is trusted: signed in when it is answered."""

    origin: str
    password: str
    persons: Iterator[dict[str, str]]
    csrf: str = field(default_factory=lambda: secrets.token_hex(16))

    async def __call__(self, connection: Connection) -> None:
        """One sign-in, of another person than the one before."""
        person = next(self.persons)
        form = {"csrfmiddlewaretoken": self.csrf, "login": person["login"], "password": self.password}
        headers = {"Cookie": f"__Host-csrf={self.csrf}; {person['trusted']}", "Origin": self.origin}
        answer = await connection.send("POST", "/account/login/", headers, urlencode(form))
        if answer.status != 302 or "__host-session=" not in answer.headers.decode().lower():
            raise UnexpectedError(f"{answer.status} {answer.headers!r} {answer.body[:500]!r}")


@dataclass(slots=True)
class Page:
    """A page, opened by somebody who is signed in."""

    path: str
    cookies: str

    async def __call__(self, connection: Connection) -> None:
        """Open it once."""
        answer: Answer = await connection.send("GET", self.path, {"Cookie": self.cookies})
        if answer.status != 200:
            raise UnexpectedError(f"{answer.status} {answer.headers!r}")


async def _post(connection: Connection, path: str, provider: Provider, form: dict[str, str]) -> dict[str, Any]:
    answer = await connection.send("POST", path, provider.basic, urlencode(form))
    if answer.status != 200:
        raise UnexpectedError(f"{answer.status} {answer.body[:500]!r}")
    return dict(json.loads(answer.body))

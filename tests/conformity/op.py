"""What a conformance module does, over HTTP: authorize as somebody, trade the code, look at what comes back."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.clients.browser import Browser, the_form
from tests.clients.cast import CALLBACK, Party

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


WITHOUT_PKCE = {"basic", "post"}
"""Parties that are registered to do without; every other sends it always."""


@dataclass(frozen=True)
class Landing:
    """Where an authorization request ended: at the relying party with these parameters, or on a page of the provider."""

    page: httpx.Response
    told: dict[str, str] = field(default_factory=dict)
    verifier: str = ""
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        assert "code" in self.told, (self.told, self.page.status_code, self.page.text[:2000])
        return self.told["code"]


@dataclass
class Op:
    """The provider under test, as the parties and one person reach it."""

    issuer: str
    transport: httpx.BaseTransport
    parties: dict[str, Party]
    browser: Callable[..., Browser]
    answer: Callable[[httpx.Response, Any], dict[str, str] | None]
    account_id: str
    now: Callable[[], datetime]

    def __post_init__(self) -> None:
        self.http = httpx.Client(transport=self.transport, timeout=20)
        self.discovered: dict[str, Any] = {}

    def clock(self) -> float:
        return self.now().timestamp()

    @property
    def metadata(self) -> dict[str, Any]:
        if not self.discovered:
            self.discovered = self.http.get(f"{self.issuer}/.well-known/openid-configuration").json()
        return self.discovered

    def keys(self) -> KeySet:
        return KeySet.import_key_set(self.http.get(self.metadata["jwks_uri"]).json())

    def claims(self, token: str) -> dict[str, Any]:
        """The claims of a token that the provider has signed with a key it publishes."""
        return dict(jwt.decode(token, self.keys(), algorithms=["ES256", "RS256"]).claims)

    # Authorization

    def request(
        self, party: str = "basic", drop: Iterable[str] = (), *, pkce: str = "", **more: str
    ) -> tuple[dict[str, str], str]:
        """The parameters of an authorization request, and the PKCE verifier that belongs to it: empty for none."""
        verifier = "" if party in WITHOUT_PKCE and not pkce else secrets.token_urlsafe(40)
        asked = {
            "client_id": self.parties[party].client_id,
            "redirect_uri": self.parties[party].redirect_uri,
            "response_type": "code",
            "scope": "openid",
            "state": secrets.token_urlsafe(12),
            "nonce": secrets.token_urlsafe(12),
            **({"code_challenge": challenge(verifier), "code_challenge_method": "S256"} if verifier else {}),
            **more,
        }
        return {name: value for name, value in asked.items() if name not in drop}, verifier

    def authorize(
        self, party: str = "basic", browser: Browser | None = None, drop: Iterable[str] = (), **more: str
    ) -> Landing:
        """Send a person, who signs in and agrees when asked, with an authorization request."""
        asked, verifier = self.request(party, drop, **more)
        return self.send(browser or self.browser(), asked, verifier)

    def send(self, browser: Browser, asked: dict[str, str], verifier: str = "", *, post: bool = False) -> Landing:
        endpoint, back = self.metadata["authorization_endpoint"], asked.get("redirect_uri", CALLBACK)
        if post:
            page = browser.follow(browser.request("POST", endpoint, data=asked), back)
        else:
            page = browser.get(f"{endpoint}?{urlencode(asked)}", back)
        for _page in range(5):
            if page.is_redirect:
                target = urljoin(str(page.url), page.headers["location"])
                return Landing(page, dict(parse_qsl(urlsplit(target).query)), verifier, asked)
            typed = self.answer(page, browser)
            if typed is None:
                break
            page = browser.submit(page, the_form(page), back, **typed)
        return Landing(page, {}, verifier, asked)

    # Token endpoint

    def authentication(self, party: str, audience: str = "", **claims: Any) -> dict[str, Any]:
        """How the party proves who it is: `data` and `auth` for a request."""
        of = self.parties[party]
        if of.authentication == "client_secret_basic":
            return {"auth": (of.client_id, of.secret), "data": {}}
        if of.authentication == "client_secret_post":
            return {"data": {"client_id": of.client_id, "client_secret": of.secret}}
        assertion = self.assertion(party, audience, **claims)
        return {"data": {"client_assertion_type": ASSERTION, "client_assertion": assertion}}

    def assertion(self, party: str, audience: str = "", *, key: Any = None, alg: str = "ES256", **claims: Any) -> str:
        """A signed assertion of the party's; `claims` replace what it says, None leaves one out."""
        of, now = self.parties[party], int(self.clock())
        said = {
            "iss": of.client_id,
            "sub": of.client_id,
            "aud": audience or self.issuer,
            "jti": secrets.token_urlsafe(12),
            "iat": now,
            "exp": now + 60,
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        signer = key or ECKey.import_key(of.private_key)
        return jwt.encode({"alg": alg, "kid": signer.kid or of.private_key["kid"]}, said, signer)

    def post(
        self, endpoint: str, party: str = "", headers: dict[str, str] | None = None, **form: str
    ) -> httpx.Response:
        """A request to one of the provider's endpoints, authenticated as the party if one is given."""
        proof = self.authentication(party) if party else {"data": {}}
        data = {**proof.pop("data"), **form}
        return self.http.post(self.metadata[endpoint], data=data, headers=headers or {}, **proof)

    def trade(
        self, landing: Landing, party: str = "basic", headers: dict[str, str] | None = None, **more: str
    ) -> httpx.Response:
        """The code for tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": landing.code,
            "redirect_uri": self.parties[party].redirect_uri,
            "code_verifier": landing.verifier,
            **more,
        }
        form = {name: value for name, value in form.items() if value}
        return self.post("token_endpoint", party, headers, **form)

    def tokens(
        self, party: str = "basic", browser: Browser | None = None, drop: Iterable[str] = (), **more: str
    ) -> dict[str, Any]:
        """A whole code flow."""
        landing = self.authorize(party, browser, drop, **more)
        got = self.trade(landing, party)
        assert got.status_code == 200, got.text
        return {**got.json(), "asked": landing.asked}

    def refresh(self, token: str, party: str = "basic", headers: dict[str, str] | None = None) -> httpx.Response:
        return self.post("token_endpoint", party, headers, grant_type="refresh_token", refresh_token=token)

    def userinfo(self, token: str, scheme: str = "Bearer", **headers: str) -> httpx.Response:
        return self.http.get(
            self.metadata["userinfo_endpoint"], headers={"Authorization": f"{scheme} {token}", **headers}
        )


def challenge(verifier: str) -> str:
    """S256 of RFC 7636."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def half_hash(text: str) -> str:
    """The left half of a SHA-256, as in at_hash."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def header(token: str) -> dict[str, Any]:
    """The protected header of a signed token, unverified."""
    return dict(jws.extract_compact(token.encode()).protected)


@dataclass
class Proofs:
    """DPoP proofs (RFC 9449) with one key."""

    clock: Callable[[], float]
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))

    def make(
        self, method: str, url: str, *, token: str = "", typ: str = "dpop+jwt", shown: Any = None, **claims: Any
    ) -> str:
        """A proof for one request; `claims` replace what it says, None leaves one out."""
        said: dict[str, Any] = {
            "jti": secrets.token_urlsafe(12),
            "htm": method,
            "htu": url,
            "iat": int(self.clock()),
            **({"ath": full_hash(token)} if token else {}),
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        told = shown if shown is not None else self.key.as_dict(private=False)
        return jwt.encode({"typ": typ, "alg": "ES256", "jwk": told}, said, self.key)

    @property
    def thumbprint(self) -> str:
        return self.key.thumbprint()


def full_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def ps256_key() -> RSAKey:
    """A key for PS256. The same key would do for RS256, which FAPI 2 forbids."""
    return RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})

"""The demo's partner service: a small website of its own that people sign on to with their business account.

It does what a partner must: discovery, code flow with PKCE, state and nonce, the ID token checked against the
provider's keys, sign-out at the provider, and sign-out by the provider (back-channel).
"""

import hashlib
import json
import secrets
import threading
import time
import urllib.parse
import urllib.request
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, ClassVar
from urllib.error import URLError
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.template.loader import render_to_string
from django.utils import translation
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

STATIC = Path(__file__).parents[1] / "web" / "static"
FILES = {name: STATIC / "web" / name for name in ("noren.css", "parts.css", "icon.svg")} | {
    "tokens.css": STATIC / "vendor" / "design-tokens" / "tokens.css"
}
COOKIE = "__Host-partner"
SCOPE = "openid profile corp_profile email account_info"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
SECONDS = 10

Environ = Mapping[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True)
class Registration:
    """What the partner was given when it was registered, and where both sides are."""

    issuer: str
    url: str
    client_id: str
    client_secret: str


@dataclass(slots=True)
class Visit:
    """One browser: what it waits for, and who is signed on."""

    state: str = ""
    nonce: str = ""
    verifier: str = ""
    id_token: str = ""
    claims: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the browser."""

    status: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


def _redirect(url: str) -> Answer:
    return Answer("302 Found", headers=(("Location", url),))


class Partner:
    """The website, as a WSGI application; visits are kept in memory."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self.visits: dict[str, Visit] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        key, visit = self._visit(environ)
        ways = {
            ("GET", "/"): self._start,
            ("GET", "/sign-on"): self._sign_on,
            ("GET", "/callback"): self._callback,
            ("POST", "/sign-out"): self._sign_out,
            ("POST", "/backchannel-logout"): self._logged_out,
        }
        way = ways.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]), self._file)
        answer = way(environ, visit)
        cookie = f"{COOKIE}={key}; Path=/; Secure; HttpOnly; SameSite=Lax"
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", **dict(answer.headers)}
        start_response(answer.status, [*headers.items(), ("Set-Cookie", cookie)])
        return [answer.body]

    def _visit(self, environ: Environ) -> tuple[str, Visit]:
        held = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(COOKIE)
        if held is not None and held.value in self.visits:
            return held.value, self.visits[held.value]
        key = secrets.token_urlsafe()
        return key, self.visits.setdefault(key, Visit())

    def _start(self, environ: Environ, visit: Visit) -> Answer:
        return self._page(environ, visit)

    def _page(self, environ: Environ, visit: Visit, problem: str = "") -> Answer:
        japanese = environ.get("HTTP_ACCEPT_LANGUAGE", "").lower().startswith("ja")
        with translation.override("ja" if japanese else "en"):
            context = {"claims": visit.claims, "problem": problem, "issuer": self.registration.issuer}
            text = render_to_string("demo/partner.html", context)
        return Answer("400 Bad Request" if problem else "200 OK", text.encode())

    def _file(self, environ: Environ, _visit: Visit) -> Answer:
        name = environ["PATH_INFO"].removeprefix("/")
        if name not in FILES:
            return Answer("404 Not Found")
        kind = "image/svg+xml" if name.endswith(".svg") else "text/css"
        return Answer("200 OK", FILES[name].read_bytes(), (("Content-Type", kind),))

    def _sign_on(self, environ: Environ, visit: Visit) -> Answer:
        visit.state, visit.nonce, visit.verifier = (secrets.token_urlsafe() for _number in range(3))
        digest = hashlib.sha256(visit.verifier.encode()).digest()
        question = {
            "response_type": "code",
            "client_id": self.registration.client_id,
            "redirect_uri": f"{self.registration.url}/callback",
            "scope": SCOPE,
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "ui_locales": environ.get("HTTP_ACCEPT_LANGUAGE", "ja")[:2],
        }
        return _redirect(f"{self._provider()['authorization_endpoint']}?{urllib.parse.urlencode(question)}")

    def _callback(self, environ: Environ, visit: Visit) -> Answer:
        answer = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
        if not visit.state or answer.get("state") != visit.state or answer.get("iss") != self.registration.issuer:
            return self._page(environ, visit, "state")
        if "code" not in answer:
            return self._page(environ, visit, answer.get("error", "error"))
        try:
            visit.id_token, visit.claims = self._redeem(answer["code"], visit)
        except (JoseError, URLError, KeyError, ValueError) as error:
            return self._page(environ, visit, type(error).__name__)
        visit.state = visit.nonce = visit.verifier = ""
        return _redirect("/")

    def _redeem(self, code: str, visit: Visit) -> tuple[str, dict[str, Any]]:
        """The ID token and the person's claims for the code. Raises JoseError, URLError, KeyError, ValueError."""
        provider = self._provider()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"{self.registration.url}/callback",
            "code_verifier": visit.verifier,
        }
        pair = f"{self.registration.client_id}:{self.registration.client_secret}".encode()
        tokens = _fetch(provider["token_endpoint"], form, f"Basic {b64encode(pair).decode()}")
        claims = self._checked(tokens["id_token"], provider)
        if claims["nonce"] != visit.nonce:
            raise ValueError("nonce")
        person = _fetch(provider["userinfo_endpoint"], None, f"Bearer {tokens['access_token']}")
        if person["sub"] != claims["sub"]:
            raise ValueError("sub")
        return tokens["id_token"], {**claims, **person}

    def _checked(self, token: str, provider: Mapping[str, Any]) -> dict[str, Any]:
        """The claims of a token that the provider signed for this partner. Raises JoseError, URLError."""
        keys = KeySet.import_key_set({"keys": _fetch(provider["jwks_uri"])["keys"]})
        claims = jwt.decode(token, keys, algorithms=["ES256", "RS256"]).claims
        jwt.JWTClaimsRegistry(
            now=int(time.time()),
            leeway=30,
            iss={"essential": True, "value": self.registration.issuer},
            aud={"essential": True, "value": self.registration.client_id},
            exp={"essential": True},
        ).validate(claims)
        return dict(claims)

    def _sign_out(self, _environ: Environ, visit: Visit) -> Answer:
        question = {
            "id_token_hint": visit.id_token,
            "client_id": self.registration.client_id,
            "post_logout_redirect_uri": f"{self.registration.url}/",
        }
        visit.claims, visit.id_token = {}, ""
        return _redirect(f"{self._provider()['end_session_endpoint']}?{urllib.parse.urlencode(question)}")

    def _logged_out(self, environ: Environ, _visit: Visit) -> Answer:
        """The provider says that a sign-in has ended."""
        form = urllib.parse.parse_qs(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode())
        try:
            claims = self._checked(form["logout_token"][0], self._provider())
        except (JoseError, URLError, KeyError):
            return Answer("400 Bad Request")
        if LOGOUT_EVENT not in claims.get("events", {}) or "nonce" in claims:
            return Answer("400 Bad Request")
        key = "sid" if "sid" in claims else "sub"
        for visit in self.visits.values():
            if visit.claims.get(key) == claims[key]:
                visit.claims, visit.id_token = {}, ""
        return Answer("200 OK")

    def _provider(self) -> dict[str, Any]:
        return _fetch(f"{self.registration.issuer}/.well-known/openid-configuration")


def _fetch(url: str, form: Mapping[str, str] | None = None, authorization: str = "") -> dict[str, Any]:
    """JSON from the provider, whose address comes from the registration. Raises URLError."""
    data = urllib.parse.urlencode(form).encode() if form else None
    headers = {"Authorization": authorization} if authorization else {}
    request = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
    return found


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing: query strings hold codes."""


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads: ClassVar[bool] = True  # type: ignore[misc]


def start(registration: Registration) -> WSGIServer:
    """Answer at the registration's address, in the background. Raises OSError where the port is taken."""
    port = urllib.parse.urlsplit(registration.url).port or 80
    server = make_server("127.0.0.1", port, Partner(registration), server_class=_Threads, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

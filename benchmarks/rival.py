"""npm oidc-provider, in memory, as the tests run it: the same units beside ours."""

import contextlib
import json
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import pinned
from benchmarks.flows import CALLBACK, SCOPE, Provider
from benchmarks.pinned import Server
from benchmarks.place import ROOT
from tests.clients.browser import Browser, pressed

NODE = Path(sys.executable).parent / "node"
SCRIPT = ROOT / "tests" / "clients" / "reference.mjs"
CLIENT_ID = "benchmark"


@dataclass(frozen=True, slots=True)
class Rival:
    """The running provider, and a way to sign somebody in."""

    server: Server
    provider: Provider

    def browser(self, login: str) -> str:
        """The cookies of a browser in which this person has signed in and agreed."""
        asked = {
            "client_id": CLIENT_ID,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": SCOPE,
            "code_challenge": "0" * 43,
            "code_challenge_method": "S256",
            "prompt": "consent",
        }
        with Browser() as browser:
            url = f"{self.server.url}{self.provider.authorize}?{urlencode(asked)}"
            browser.visit(url, CALLBACK, lambda page: {**pressed(page), "login": login, "password": "any"})
            jar = browser.jar[f"localhost:{self.server.port}"]
        return "; ".join(f"{name}={value}" for name, value in jar.items())


def installed() -> bool:
    """Whether it can be run at all."""
    return NODE.exists() and (SCRIPT.parent / "node_modules" / "oidc-provider").is_dir()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Rival]:
    """On the provider's core; stopped at the end. Raises watch.CommandError."""
    port, secret = pinned.free_port(), secrets.token_urlsafe(32)
    client = {
        "client_id": CLIENT_ID,
        "client_secret": secret,
        "token_endpoint_auth_method": "client_secret_basic",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        "response_types": ["code"],
    }
    command = [str(NODE), str(SCRIPT), str(port), json.dumps([client])]
    page = "/.well-known/openid-configuration"
    with pinned.started(command, {"PATH": "/usr/bin:/bin"}, port, folder / "rival.log", page) as server:
        yield Rival(server, Provider("/auth", "/token", "/token/introspection", CLIENT_ID, secret))


def version() -> str:
    """Its version."""
    package = SCRIPT.parent / "node_modules" / "oidc-provider" / "package.json"
    return str(json.loads(package.read_text(encoding="utf-8"))["version"])

"""The two providers that the clients are driven against: npm oidc-provider as the reference, and Noren."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import override_settings

from noren.cli import arguments
from noren.sso import actions as sso
from noren.sso import queries
from noren.sso.actions.consent import subject_of
from tests import site
from tests.clients import people
from tests.clients.browser import Browser, pressed
from tests.clients.cast import AFTER_LOGOUT, Party, free_port, parties, public
from tests.clients.register import register
from tests.conftest import Place

HERE = Path(__file__).parent
NODE = Path(sys.executable).parent / "node"
GRANTS = ["authorization_code", "refresh_token"]
MORE_GRANTS = ["client_credentials", "urn:ietf:params:oauth:grant-type:device_code"]


@dataclass(frozen=True)
class Provider:
    """A running provider, the parties it knows, and somebody who can sign on."""

    issuer: str
    parties: dict[str, Party]
    person: Callable[[], Browser]
    answer: Callable[[httpx.Response], dict[str, str]]
    apache: int
    subject: str
    end: Callable[[Browser], None]


def reference_client(party: Party) -> dict[str, Any]:
    """The party in the words of dynamic client registration."""
    told: dict[str, Any] = {
        "client_id": party.client_id,
        "token_endpoint_auth_method": party.authentication,
        "redirect_uris": [party.redirect_uri],
        "post_logout_redirect_uris": [AFTER_LOGOUT],
        "grant_types": GRANTS + (MORE_GRANTS if party.client_id == "basic" else []),
        "response_types": ["code"],
    }
    if party.secret:
        told["client_secret"] = party.secret
    if party.key:
        told |= {"jwks": {"keys": [public(party.private_key)]}, "token_endpoint_auth_signing_alg": "ES256"}
    if party.backchannel:
        told |= {"backchannel_logout_uri": party.backchannel, "backchannel_logout_session_required": True}
    return told


def reference_answer(page: httpx.Response) -> dict[str, str]:
    """Sign in as anybody, agree to everything."""
    answer = pressed(page)
    return {**answer, "login": "hanako", "password": "any"} if 'name="login"' in page.text else answer


def _leave(browser: Browser, issuer: str) -> None:
    """Sign out at the provider itself: no relying party asked for it."""
    browser.visit(f"{issuer}/session/end", "", reference_answer)


@contextmanager
def reference() -> Iterator[Provider]:
    """npm oidc-provider on a free port; stopped at the end."""
    if not NODE.exists():
        pytest.fail("Node is not installed; run scripts/needs.")
    port, apache = free_port(), free_port()
    known = parties(f"http://localhost:{apache}")
    told = json.dumps([reference_client(party) for party in known.values()])
    command = [str(NODE), str(HERE / "reference.mjs"), str(port), told]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
            issuer = f"http://localhost:{port}"
            yield Provider(
                issuer,
                known,
                Browser,
                reference_answer,
                apache,
                subject="hanako",
                end=lambda browser: _leave(browser, issuer),
            )
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def noren(place: Place) -> Iterator[Provider]:
    """`noren serve` on a free port, with the same parties and Hanako."""
    apache = free_port()
    with site.running(place) as started:
        started.corporation()
        account_id = started.person("hanako@example.jp")
        known = {name: register(place, party) for name, party in parties(f"http://localhost:{apache}").items()}
        basic = queries.client(known["basic"].client_id)
        assert basic is not None
        yield Provider(
            started.url,
            known,
            lambda: people.signed_in(started.url, account_id, at=arguments.clock()),
            noren_answer,
            apache,
            subject=subject_of(basic, account_id),
            end=lambda _browser: _end(started.url, account_id),
        )


def _end(url: str, account_id: str) -> None:
    """What a lock does: every sign-on of the account ends. This process has another address than the server."""
    with override_settings(NOREN_URL=url):
        sso.end(account_id=account_id, now=arguments.clock())


def noren_answer(page: httpx.Response) -> dict[str, str]:
    """Agree to what is asked; nothing else is expected of somebody who is signed in."""
    answer = people.agrees(page)
    assert answer is not None, (str(page.url), page.status_code, page.text[:3000])
    return answer

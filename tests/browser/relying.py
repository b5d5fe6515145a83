"""Partner services of the journeys: the demo's own website, and a bare one that keeps what it was given."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from playwright.sync_api import Page

from noren.cli import arguments
from noren.demo import partner
from noren.demo.partner import Registration
from noren.sso import actions as sso
from tests.browser.conftest import Watch
from tests.browser.people import MAIN
from tests.cast import ENGINEER
from tests.site import Site, free_port

SCOPE = "openid profile offline_access"


def register(site: Site, name: str) -> Registration:
    """A partner at an address of its own."""
    url = f"http://localhost:{free_port()}"
    made = sso.add_client(
        name=name,
        redirect_uris=[f"{url}/callback"],
        post_logout_redirect_uris=[f"{url}/"],
        backchannel_logout_uri=f"{url}/backchannel-logout",
        actor=ENGINEER,
        now=arguments.clock(),
    )
    return Registration(site.url, url, made.client_id, made.secret)


@contextmanager
def website(site: Site, watch: Watch, name: str) -> Iterator[Registration]:
    """The demo's partner, answering; browsers may go there."""
    registration = register(site, name)
    server = partner.start(registration)
    watch.origins.add(registration.url)
    try:
        yield registration
    finally:
        watch.expected.append("net::ERR_CONNECTION_")  # what a page still asks of it as it closes
        server.shutdown()
        server.server_close()


@dataclass
class Bare:
    """A partner without pages: nobody answers there, and the code is taken from the address."""

    registration: Registration
    verifier: str = field(default_factory=secrets.token_urlsafe)
    code: str = ""

    def sign_on(self, page: Page) -> dict[str, Any]:
        """Send the browser to the provider, let the person agree; gives the tokens."""
        callback = f"{self.registration.url}/callback?*"
        page.goto(f"{self.registration.issuer}/oidc/authorize?{urlencode(self._question())}")
        with page.expect_request(callback) as asked:
            page.locator(MAIN).click()
        self.code = parse_qs(urlsplit(asked.value.url).query)["code"][0]
        told = self.asked(grant_type="authorization_code", code=self.code, code_verifier=self.verifier)
        return dict(told.json())

    def refreshed(self, token: str) -> httpx.Response:
        """Ask for the next tokens."""
        return self.asked(grant_type="refresh_token", refresh_token=token)

    def asked(self, **form: str) -> httpx.Response:
        """Post to the token endpoint."""
        where = {"redirect_uri": f"{self.registration.url}/callback"} if "code" in form else {}
        pair = (self.registration.client_id, self.registration.client_secret)
        return httpx.post(f"{self.registration.issuer}/oidc/token", data={**form, **where}, auth=pair, timeout=20)

    def _question(self) -> dict[str, str]:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return {
            "response_type": "code",
            "client_id": self.registration.client_id,
            "redirect_uri": f"{self.registration.url}/callback",
            "scope": SCOPE,
            "state": secrets.token_urlsafe(),
            "nonce": secrets.token_urlsafe(),
            "prompt": "consent",
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }

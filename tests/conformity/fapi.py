"""One client of FAPI 2: its requests are pushed, its tokens bound to a key, its own key says who it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.clients.browser import Browser
from tests.conformity.op import Landing, Op, Proofs


@dataclass
class Client:
    """A party that follows the profile, unless a test lets it err."""

    op: Op
    party: str = "fapi"
    proofs: Proofs = field(init=False)

    def __post_init__(self) -> None:
        self.proofs = Proofs(self.op.clock)

    @property
    def client_id(self) -> str:
        return self.op.parties[self.party].client_id

    def proof(self, endpoint: str, method: str = "POST", **claims: Any) -> dict[str, str]:
        """The header that proves the key to an endpoint."""
        return {"DPoP": self.proofs.make(method, self.op.metadata[endpoint], **claims)}

    def push(
        self, drop: Iterable[str] = (), headers: dict[str, str] | None = None, form: dict[str, str] | None = None,
        **more: str,
    ) -> tuple[httpx.Response, Landing]:  # fmt: skip
        """Push a request; gives the answer, and what was asked for. `form` replaces fields of the request as sent."""
        asked, verifier = self.op.request(self.party, drop, **more)
        answer = self.op.post("pushed_authorization_request_endpoint", self.party, headers, **{**asked, **(form or {})})
        return answer, Landing(answer, {}, verifier, asked)

    def pushed(self, **more: Any) -> tuple[str, Landing]:
        """The reference of a pushed request."""
        answer, landing = self.push(**more)
        assert answer.status_code == 201, answer.text
        assert answer.json()["expires_in"] > 0
        return answer.json()["request_uri"], landing

    def follow(self, reference: str, landing: Landing, browser: Browser | None = None, **more: str) -> Landing:
        """Send a person with the reference alone, as the profile wants."""
        asked = {"client_id": self.client_id, "request_uri": reference, **more}
        landed = self.op.send(browser or self.op.browser(), asked, landing.verifier)
        return Landing(landed.page, landed.told, landing.verifier, landing.asked)

    def authorize(self, browser: Browser | None = None, **more: Any) -> Landing:
        return self.follow(*self.pushed(**more), browser)

    def trade(self, landing: Landing, headers: dict[str, str] | None = None, **more: str) -> httpx.Response:
        """The code for tokens, with a proof unless other headers are given."""
        return self.op.trade(landing, self.party, self.proof("token_endpoint") if headers is None else headers, **more)

    def tokens(self, **more: Any) -> dict[str, Any]:
        landing = self.authorize(**more)
        answer = self.trade(landing)
        assert answer.status_code == 200, answer.text
        return {**answer.json(), "asked": landing.asked}

    def userinfo(self, token: str, scheme: str = "DPoP", **claims: Any) -> httpx.Response:
        """The protected resource, with the token and a proof."""
        proof = self.proof("userinfo_endpoint", "GET", token=token, **claims)
        return self.op.userinfo(token, scheme, **proof)

    def refresh(self, token: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.op.refresh(token, self.party, self.proof("token_endpoint") if headers is None else headers)

    def push_with(self, **assertion: Any) -> httpx.Response:
        """Push a good request with an assertion that has these claims."""
        asked, _verifier = self.op.request(self.party)
        proof = self.op.authentication(self.party, **assertion)
        return self.op.http.post(
            self.op.metadata["pushed_authorization_request_endpoint"], data={**asked, **proof["data"]}
        )


def is_refused(answer: httpx.Response, *errors: str) -> bool:
    """A refusal in JSON with one of the errors and a fitting status."""
    wanted = {401} if errors == ("invalid_client",) else {400, 401}
    assert answer.status_code in wanted, (answer.status_code, answer.text)
    assert answer.json()["error"] in errors, answer.text
    return True

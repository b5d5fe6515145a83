"""openid-client, a certified relying party in JavaScript, against the reference provider and against Noren."""

import json
import subprocess
from typing import Any

from tests.clients.cast import AFTER_LOGOUT, CALLBACK, SCOPE
from tests.clients.providers import HERE, NODE, Provider

STEPS = [
    "discovery",
    "code",
    "userinfo",
    "refresh",
    "introspect",
    "revoke",
    "client_credentials",
    "device",
    "par",
    "post",
    "private_key_jwt_and_dpop",
    "logout",
]
ENDPOINTS = [
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "introspection_endpoint",
    "revocation_endpoint",
    "end_session_endpoint",
    "pushed_authorization_request_endpoint",
    "device_authorization_endpoint",
]


def drive(provider: Provider) -> list[dict[str, Any]]:
    """Run the script; whenever it asks for a person, be one."""
    told = {
        "issuer": provider.issuer,
        "redirect_uri": CALLBACK,
        "post_logout_redirect_uri": AFTER_LOGOUT,
        "scope": SCOPE,
        "endpoints": ENDPOINTS,
        **{name: party.told() for name, party in provider.parties.items()},
    }
    said: list[dict[str, Any]] = []
    with (
        provider.person() as browser,
        subprocess.Popen(
            [str(NODE), str(HERE / "rp.mjs"), json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as script,
    ):
        assert script.stdin is not None
        assert script.stdout is not None
        try:
            for line in script.stdout:
                what = json.loads(line)
                if "visit" in what:
                    landed = browser.visit(what["visit"], what["until"], provider.answer)
                    script.stdin.write(f"{landed}\n")
                    script.stdin.flush()
                else:
                    said.append(what)
        finally:
            script.terminate()
    return said


def test_openid_client_goes_every_step(provider: Provider) -> None:
    assert drive(provider) == [{"step": name} for name in STEPS]

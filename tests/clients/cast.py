"""The relying parties of these tests, as a provider has to know them."""

import json
import socket
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey

CALLBACK = "http://localhost:9/callback"
"""Nothing listens there: the browser stops before it."""

AFTER_LOGOUT = "http://localhost:9/signed-out"
SCOPE = "openid profile email"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def own_key(name: str) -> dict[str, Any]:
    """A client's private key for signing with ES256."""
    return dict(ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"}).as_dict(private=True))


def public(key: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in key.items() if name != "d"}


@dataclass(frozen=True)
class Party:
    """A registered relying party; `secret` and `key` are what it alone keeps."""

    client_id: str
    authentication: str
    redirect_uri: str = CALLBACK
    secret: str = ""
    key: str = ""
    backchannel: str = ""

    @property
    def private_key(self) -> dict[str, Any]:
        return dict(json.loads(self.key))

    def told(self) -> dict[str, Any]:
        """What a script is told of it."""
        keys = {"key": self.private_key} if self.key else {"client_secret": self.secret}
        return {"client_id": self.client_id, **keys}


def parties(apache: str) -> dict[str, Party]:
    """By what they are for. `apache` is the base address of the Apache in front of a page."""
    return {
        "basic": Party("basic", "client_secret_basic", secret="s" * 43),
        "post": Party("post", "client_secret_post", secret="p" * 43),
        "keyed": Party("keyed", "private_key_jwt", key=json.dumps(own_key("keyed-1"))),
        "apache": Party(
            "apache",
            "client_secret_basic",
            redirect_uri=f"{apache}/redirect",
            secret="a" * 43,
            backchannel=f"{apache}/redirect?logout=backchannel",
        ),
    }

"""What no provider can do without: a signature, a verification, the hash of a password. As the product does them."""

import json
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.hashers import check_password, make_password

from benchmarks.persons import PASSWORD
from noren.sso import keys, tokens
from noren.sso.rules import Algorithm

ISSUER = "http://localhost:8000"
CLAIMS = {
    "iss": ISSUER,
    "aud": "http://localhost:8000",
    "sub": "0" * 64,
    "client_id": "0" * 24,
    "scope": "openid profile offline_access",
    "iat": 1_800_000_000,
    "exp": 1_800_000_600,
    "jti": "0" * 22,
}


def measure(seconds: float) -> dict[str, Any]:
    """Milliseconds of processor time for each, by its name."""
    text = json.dumps(CLAIMS)
    token, encoded = keys.sign(text, typ="at+jwt"), make_password(PASSWORD)
    what: dict[str, Callable[[], object]] = {
        "es256": lambda: keys.sign(text, typ="at+jwt"),
        "rs256": lambda: keys.sign(text, typ="at+jwt", alg=Algorithm.RS256),
        "verify": lambda: tokens.read(token, typ="at+jwt", issuer=ISSUER),
        "argon2id": lambda: check_password(PASSWORD, encoded),
    }
    return {name: _cost(one, seconds / len(what)) for name, one in what.items()}


def _cost(one: Callable[[], object], seconds: float) -> float:
    one()
    count, until, began = 0, time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < until:
        one()
        count += 1
    return round((time.process_time() - began) / count * 1000, 4)

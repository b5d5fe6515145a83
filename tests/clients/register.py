"""How the parties of the tests come to be known to Noren: by `noren client add`, as an operator does it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.clients.cast import AFTER_LOGOUT, Party, public
from tests.conftest import Place

GRANTS = ["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"]


def register(place: Place, party: Party, *options: str, keys: Sequence[Mapping[str, Any]] = ()) -> Party:
    """Add the party, with more public keys if there are; gives it back with the id and secret that were made."""
    given = ["--redirect-uri", party.redirect_uri, "--post-logout-redirect-uri", AFTER_LOGOUT]
    given += ["--auth", party.authentication, "--subject", "public", *options]
    if party.key:
        path = place.home / f"{party.client_id.replace(' ', '-')}.json"
        place.home.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"keys": [public(party.private_key), *keys]}), encoding="utf-8")
        given += ["--jwks", str(path)]
    if party.backchannel:
        given += ["--backchannel-logout-uri", party.backchannel]
    if party.client_id == "basic":
        given += [word for grant in GRANTS for word in ("--grant", grant)]
    told = json.loads(place.noren("client", "add", party.client_id, *given, "--json").stdout)
    return replace(party, client_id=told["client_id"], secret=told.get("client_secret", ""))

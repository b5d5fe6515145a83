"""Keys that sign: made once, sealed in the database, parsed once per process, replaced with an overlap."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db import connection, transaction
from joserfc.jwk import ECKey, RSAKey, import_key

from noren.audit import actions as audit
from noren.kit import secrets, sql
from noren.kit.actor import Actor, ActorKind
from noren.sso import compact
from noren.sso.compact import PrivateKey, PublicKey
from noren.sso.models import Key
from noren.sso.rules import KEY_OVERLAP, Algorithm

RSA_BITS = 2048
KEEP_SECONDS = 10
"""How long a process signs with what it has parsed before it looks for newer keys."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs now, by algorithm, with its id; and every key whose signatures still count, by its id."""

    signing: Mapping[Algorithm, tuple[str, PrivateKey]]
    public: dict[str, Any]
    verifying: Mapping[str, PublicKey]
    read_at: float
    database: str

    @property
    def names(self) -> set[str]:
        """The ids of all of them."""
        return {key["kid"] for key in self.public["keys"]}

    @property
    def fresh(self) -> bool:
        """Whether they need not be read anew: young, and of this database."""
        young = time.monotonic() - self.read_at <= KEEP_SECONDS
        return young and self.database == connection.settings_dict["NAME"]


_held: dict[str, Keys] = {}
_lock = threading.Lock()


def held() -> Keys:
    """The keys, parsed; read anew after a few seconds, made at the first use."""
    found = _held.get("keys")
    if found is None or not found.fresh:
        with _lock:
            found = _held.get("keys")
            if found is None or not found.fresh:
                found = _held["keys"] = _read()
    return found


def forget() -> None:
    """Let the next signature look at the database."""
    _held.clear()


def knowing(kid: str) -> Keys:
    """The keys, read anew (once in a second) if this one is not among them: another process may have made it."""
    found = held()
    if kid not in found.names and time.monotonic() - found.read_at > 1:
        forget()
        found = held()
    return found


def _read() -> Keys:
    rows = listed()
    current = {row.alg: row for row in reversed(rows) if row.retired_at is None}
    if set(current) != {str(alg) for alg in Algorithm}:
        ensure(actor=Actor(ActorKind.SYSTEM, "noren"), now=sql.value("sso", "clock.sql"))
        return _read()
    signing = {Algorithm(alg): _private(row) for alg, row in current.items()}
    public = {"keys": [row.public for row in rows]}
    verifying = {key["kid"]: _public(key) for key in public["keys"]}
    return Keys(signing, public, verifying, time.monotonic(), str(connection.settings_dict["NAME"]))


def _private(row: Key) -> tuple[str, PrivateKey]:
    key = load_pem_private_key(secrets.unseal(row.private).encode(), password=None)
    assert isinstance(key, PrivateKey)  # noqa: S101  (`_make` makes no others)
    return row.kid, key


def _public(jwk: dict[str, Any]) -> PublicKey:
    key = import_key(jwk).get_op_key("verify")
    assert isinstance(key, PublicKey)  # noqa: S101  (`_make` makes no others)
    return key


def sign(claims: str, *, typ: str, alg: Algorithm = Algorithm.ES256) -> str:
    """A compact JWS of the claims (JSON text)."""
    kid, key = held().signing[alg]
    return compact.sign(compact.head(kid, typ, alg), claims, key)


def ensure(*, actor: Actor, now: datetime) -> None:
    """Make what is missing: one key for each algorithm. Several may call it at a time."""
    with transaction.atomic():
        sql.value("sso", "hold_keys.sql")
        known = set(Key.objects.filter(retired_at__isnull=True).values_list("alg", flat=True))
        for alg in Algorithm:
            if alg not in known:
                _make(alg, actor, now)


@transaction.atomic
def rotate(*, actor: Actor, now: datetime) -> list[str]:
    """New keys sign from now on; the ones before stay in the set, older ones leave it. Gives the new ids."""
    Key.objects.filter(retired_at__lt=now - KEY_OVERLAP).update(private="")
    Key.objects.filter(retired_at__isnull=True).update(retired_at=now)
    made = [_make(alg, actor, now) for alg in Algorithm]
    forget()
    return made


def _make(alg: Algorithm, actor: Actor, now: datetime) -> str:
    key = ECKey.generate_key("P-256") if alg is Algorithm.ES256 else RSAKey.generate_key(RSA_BITS)
    kid = key.thumbprint()
    public = {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": str(alg)}
    private = secrets.seal(key.as_pem(private=True).decode())
    Key.objects.create(kid=kid, alg=alg, private=private, public=public, made_at=now)
    audit.record(actor=actor, act="sso.key", subject=kid, detail={"alg": str(alg)}, now=now)
    return kid


def listed() -> list[Key]:
    """Every key in the set, the newest first."""
    return list(Key.objects.exclude(private="").order_by("-made_at"))

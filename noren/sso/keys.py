"""Keys that sign: made once, sealed in the database, parsed once per process, replaced with an overlap."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from joserfc.jwk import ECKey, RSAKey, import_key

from noren.audit import actions as audit
from noren.kit import secrets, sql
from noren.kit.actor import Actor, ActorKind
from noren.kit.errors import Refusal
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


def verifying(kid: str) -> PublicKey:
    """The public key of that id; read anew (once in a second) if it is not known: another process may have made it.

    Raises KeyError.
    """
    found = held()
    if kid not in found.verifying and time.monotonic() - found.read_at > 1:
        forget()
        found = held()
    return found.verifying[kid]


def _read() -> Keys:
    now = sql.value("sso", "clock.sql")
    rows = listed(now)
    current = {row.alg: row for row in reversed(rows) if row.retired_at is None}
    if set(current) != {str(alg) for alg in Algorithm}:
        ensure(actor=Actor(ActorKind.SYSTEM, "noren"), now=now)
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
    """New keys sign from now on; signatures of those before count for a day more. Gives the new ids."""
    sql.value("sso", "hold_keys.sql")
    Key.objects.filter(retired_at__isnull=True).update(retired_at=now, private="")
    made = [_make(alg, actor, now) for alg in Algorithm]
    forget()
    return made


class UnknownKey(Refusal):
    """No key whose signatures count has that id."""

    code = "key.unknown"


@transaction.atomic
def revoke(kid: str, *, actor: Actor, now: datetime) -> None:
    """Signatures of this key count no more, as when it was stolen; a new one takes its place. Raises UnknownKey."""
    sql.value("sso", "hold_keys.sql")
    if kid not in {row.kid for row in listed(now)}:
        raise UnknownKey(_("There is no key with the id %(kid)s."), kid=kid)
    Key.objects.filter(kid=kid).update(retired_at=now - KEY_OVERLAP, private="")
    audit.record(actor=actor, act="sso.key.revoke", subject=kid, detail={}, now=now)
    ensure(actor=actor, now=now)
    forget()


def _make(alg: Algorithm, actor: Actor, now: datetime) -> str:
    key = ECKey.generate_key("P-256") if alg is Algorithm.ES256 else RSAKey.generate_key(RSA_BITS)
    kid = key.thumbprint()
    public = {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": str(alg)}
    private = secrets.seal(key.as_pem(private=True).decode())
    Key.objects.create(kid=kid, alg=alg, private=private, public=public, made_at=now)
    audit.record(actor=actor, act="sso.key", subject=kid, detail={"alg": str(alg)}, now=now)
    return kid


def listed(now: datetime) -> list[Key]:
    """Every key whose signatures count, the newest first."""
    counting = Q(retired_at=None) | Q(retired_at__gt=now - KEY_OVERLAP)
    return list(Key.objects.filter(counting).order_by("-made_at"))

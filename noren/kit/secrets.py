"""Secrets: made at random, kept as hashes; where the plain text is needed again, sealed with the installation's key."""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_FILE = "secret.key"
TOKEN_BYTES = 32


def token() -> str:
    """256 random bits that fit into a URL. Never with a hyphen first: on a command line that would be an option."""
    found = secrets.token_urlsafe(TOKEN_BYTES)
    return token() if found.startswith("-") else found


def digits(count: int = 6) -> str:
    """A random code of that many decimal digits."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def hashed(plain: str) -> str:
    """What is kept of a token of 256 random bits: one SHA-256 in hex. Never for what a person chose."""
    return hashlib.sha256(plain.encode()).hexdigest()


def peppered(plain: str, *, purpose: str) -> str:
    """What is kept of a short code: an HMAC with the installation's key, so that a stolen table cannot be tried out."""
    return hmac.new(_key(purpose), plain.encode(), hashlib.sha256).hexdigest()


def seal(plain: str) -> str:
    """Encrypt what must be read again: TOTP secrets, private keys."""
    return _box(_secret()).encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """The plain text. Raises cryptography.fernet.InvalidToken under another installation's key."""
    return _box(_secret()).decrypt(sealed.encode()).decode()


def _secret() -> str:
    return str(settings.SECRET_KEY)


@cache
def _box(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(_derived(secret, "seal")))


def _key(purpose: str) -> bytes:
    return _derived(_secret(), purpose)


@cache
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"noren/{purpose}".encode()).derive(secret.encode())


def installation_key(home: Path) -> str:
    """The key of the data directory; whoever comes first makes it, whole."""
    path = home / KEY_FILE
    if not path.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = home / f".{KEY_FILE}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(token() + "\n")
        with suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_text(encoding="ascii").strip()

"""Where a secret may have been left in clear: every table of the database, unpacked, and the server's log."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from noren.accounts.sessions import SessionStore
from tests.site import Site

TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
NUMBERS = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?|\b\d{10}\.\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
"""Times and random ids: their digits may be anybody's code."""

PACKED = re.compile(r"[A-Za-z0-9+/_-]{16,}=*")


def tables(site: Site) -> dict[str, str]:
    """Each table's rows as text, with what is packed in them laid open beside it."""
    with psycopg.connect(site.place.url) as connection:
        names = connection.execute(TABLES).fetchall()
        return {f"{schema}.{name}": _text(connection, schema, name) for schema, name in names}


def _text(connection: "psycopg.Connection[tuple[str, ...]]", schema: str, name: str) -> str:
    query = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, name))
    rows = "\n".join(row for (row,) in connection.execute(query))
    if name == "accounts_session":
        packed = connection.execute("SELECT session_data FROM accounts_session").fetchall()
        return "\n".join([rows, *(str(SessionStore().decode(data)) for (data,) in packed)])
    return "\n".join([rows, *_unpacked(rows)])


def _unpacked(text: str) -> Iterator[str]:
    """What base64 and deflate hide from a plain search."""
    for found in PACKED.findall(text):
        try:
            plain = base64.b64decode(found + "=" * (-len(found) % 4), altchars=b"-_", validate=False)
        except (binascii.Error, ValueError):
            continue
        yield plain.decode("latin-1")
        try:
            yield zlib.decompress(plain).decode("latin-1")
        except zlib.error:
            continue


def files(home: Path, *, but: frozenset[str]) -> dict[str, str]:
    """What the data directory holds, without the folders that are named."""
    found = (path for path in home.rglob("*") if path.is_file() and path.relative_to(home).parts[0] not in but)
    return {str(path.relative_to(home)): path.read_bytes().decode("latin-1") for path in found}


def spilt(secrets: Mapping[str, str], texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Which secret is in clear where. A short code counts only where it stands alone."""
    found = []
    for place, text in texts.items():
        without = NUMBERS.sub(" ", text)
        for name, secret in secrets.items():
            if secret.isdecimal():
                here = re.search(rf"(?<![0-9A-Za-z]){secret}(?![0-9A-Za-z])", without) is not None
            else:
                here = secret in text
            if here:
                found.append((name, place))
    return found

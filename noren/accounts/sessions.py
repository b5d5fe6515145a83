"""Sessions whose rows hold the hash of the cookie, and who signed in from where: they can be listed and ended."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from noren.accounts.models import Account, Session
from noren.accounts.policy import Attempt, Standing, method_of, standing_of
from noren.kit import sql
from noren.kit.secrets import hashed

SID = "sid"
"""Key in the session's data: the id by which partner services know this sign-in."""

STARTED = "started"
"""Key in the session's data: when and from where it was begun, and when it was last seen (ISO times)."""

METHODS, METHODS_OF = "account_authentication_methods", "account_authentication_methods_user"
"""Keys in the session's data where allauth keeps what was used, a list of {method, at, …}, and by whom."""

COLUMNS = [field.attname for field in Account._meta.concrete_fields]  # noqa: SLF001  (public by its documentation)


class SessionStore(db.SessionStore):
    """Django's database sessions, by the hash of the key.

    As it was read: `account`, whose it is; `policy`, what applies to that one; `newer`, how many sign-ins of the same
    account were begun later, if that counts.
    """

    account: Account | None = None
    policy: Standing | None = None
    newer: int = 0

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our own table."""
        return Session

    def load(self) -> dict[str, Any]:
        """What it holds; a cookie that names no session is forgotten."""
        found = sql.mappings("accounts", "session.sql", {"key_hash": hashed(self.session_key or "")})
        if not found:
            self._session_key = None
            return {}
        row = found[0]
        if row["account_id"] is not None:
            self.account = Account.from_db(DEFAULT_DB_ALIAS, COLUMNS, [row[name] for name in COLUMNS])
        if row["policy_id"] is not None:
            # A policy without a step is a fault of ours: it fails here, and nobody gets in.
            self.policy, self.newer = standing_of(json.loads(row["policy_step"])), row["newer"]
        return dict(self.decode(row["session_data"]))

    def attempt(self, *, address: str, at: datetime) -> Attempt:
        """A request in this session, as policies look at it."""
        began = self.get(STARTED, {}).get("at")
        return Attempt(used(self), address, _time(began), at, self.newer)

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of that plain key."""
        return super().exists(hashed(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """End the session of that plain key, or this one."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=hashed(key)).delete()

    def save(self, must_create: bool = False) -> None:
        """Write the row, in one statement. Raises CreateError, UpdateError."""
        if self.session_key is None:
            return self.create()
        row = self._row(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        if not sql.run("accounts", "begin_session.sql" if must_create else "keep_session.sql", row):
            raise CreateError if must_create else UpdateError
        return None

    def _row(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the list of sessions shows lies in columns of its own."""
        started = data.get(STARTED, {})
        return {
            "key_hash": hashed(self.session_key or ""),
            "data": self.encode(data),
            "expire_date": self.get_expiry_date(),
            "account_id": data.get("_auth_user_id"),
            "sid": data.get(SID),
            "started_at": _time(started.get("at")),
            "seen_at": _time(started.get("seen")),
            "address": started.get("address", ""),
            "agent": started.get("agent", ""),
            "auth_hash": data.get(HASH_SESSION_KEY, ""),
        }

    def _get_new_session_key(self) -> str:
        """A key; that nobody has it yet is seen when the row is written."""
        return get_random_string(32, VALID_KEY_CHARS)


def ours(request: HttpRequest) -> SessionStore:
    """The session of a request, as our own store has it."""
    return cast("SessionStore", request.session)


def used(data: Mapping[str, Any]) -> frozenset[str]:
    """What was used in the sign-in whose session holds this data."""
    mine = data.get(METHODS_OF) == data.get("_auth_user_id")
    return frozenset(method_of(record) for record in data.get(METHODS, [])) if mine else frozenset()


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

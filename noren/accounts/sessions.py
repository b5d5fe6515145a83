"""Sessions whose rows hold the hash of the cookie, and who signed in from where: they can be listed and ended."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.db import DEFAULT_DB_ALIAS
from django.utils.crypto import get_random_string

from noren.accounts.models import Account, Session
from noren.kit import sql
from noren.kit.secrets import hashed

SID = "sid"
"""Key in the session's data: the id by which partner services know this sign-in."""

STARTED = "started"
"""Key in the session's data: when and from where it was begun, and when it was last seen (ISO times)."""

COLUMNS = [field.attname for field in Account._meta.concrete_fields]  # noqa: SLF001  (public by its documentation)


class SessionStore(db.SessionStore):
    """Django's database sessions, by the hash of the key. `account`: whose it was when it was read."""

    account: Account | None = None

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
        return dict(self.decode(row["session_data"]))

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
        }

    def _get_new_session_key(self) -> str:
        """A key; that nobody has it yet is seen when the row is written."""
        return get_random_string(32, VALID_KEY_CHARS)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

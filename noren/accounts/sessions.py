"""Sessions whose rows hold the hash of the cookie, and who signed in from where: they can be listed and ended."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db

from noren.accounts.models import Session
from noren.kit import sql
from noren.kit.secrets import hashed

SID = "sid"
"""Key in the session's data: the id by which partner services know this sign-in."""

STARTED = "started"
"""Key in the session's data: when and from where it was begun, and when it was last seen (ISO times)."""


class SessionStore(db.SessionStore):
    """Django's database sessions, by the hash of the key."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our own table."""
        return Session

    def load(self) -> dict[str, Any]:
        """What it holds; a cookie that names no session is forgotten."""
        data = sql.value("accounts", "session_data.sql", {"key_hash": hashed(self.session_key or "")})
        if data is None:
            self._session_key = None
            return {}
        return dict(self.decode(data))

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of that plain key."""
        return super().exists(hashed(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """End the session of that plain key, or this one."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=hashed(key)).delete()

    def create_model_instance(self, data: Any) -> Any:
        """The row: what the list of sessions shows lies in columns of its own."""
        row: Any = super().create_model_instance(data)
        row.session_key = hashed(row.session_key)
        row.account_id = data.get("_auth_user_id")
        row.sid = data.get(SID)
        started = data.get(STARTED, {})
        row.started_at, row.seen_at = (_time(started.get(name)) for name in ("at", "seen"))
        row.address, row.agent = started.get("address", ""), started.get("agent", "")
        return row


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

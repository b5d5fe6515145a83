"""Calls of partners that change something count once: the key that a partner gives one keeps its answer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from noren.kit import sql
from noren.kit.errors import Refusal
from noren.kit.secrets import hashed


class CallConflict(Refusal):
    """The partner used the key before, for another call."""

    code = "call.key_conflict"


@dataclass(frozen=True, slots=True)
class Call:
    """What a partner asks under a key of its own; `asked`: all that it asks, as text."""

    client_id: str
    key: str
    asked: str

    @property
    def params(self) -> dict[str, str]:
        """As it is kept: by hashes, because keys and bodies may hold what is nobody's business."""
        return {"client_id": self.client_id, "key_hash": hashed(self.key), "asked_hash": hashed(self.asked)}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the HTTP status and the body; status 0: nothing yet."""

    status: int
    body: str


def begin_call(call: Call, *, now: datetime) -> Answer | None:
    """Hold the key until the transaction ends, which must be the one that does what is asked; None: do it.

    Gives what was answered before to the same call. Raises CallConflict.
    """
    if sql.run("sso", "begin_call.sql", {**call.params, "now": now}):
        return None
    [(asked_hash, answer)] = sql.rows(
        lambda asked, status, body: (asked, Answer(status, body)), "sso", "kept_call.sql", call.params
    )
    if asked_hash != call.params["asked_hash"]:
        raise CallConflict(_("This key was used before, for another call. Take a new key for each call."))
    return answer


def end_call(call: Call, answer: Answer) -> None:
    """Keep the answer under the key."""
    sql.run("sso", "end_call.sql", {**call.params, "status": answer.status, "body": answer.body})

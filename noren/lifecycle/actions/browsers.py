"""Sign out of everything but the browser one sits at."""

from datetime import datetime

from django.db import transaction

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.kit.actor import Actor
from noren.sso import actions as sso


@transaction.atomic
def end_other_sessions(account_id: str, key_hash: str, *, actor: Actor, now: datetime) -> int:
    """Sign every browser out but the one of that key, also of partner services; gives how many."""
    others = [one for one in queries.sessions(account_id, now) if one.key_hash != key_hash]
    for one in others:
        sid = accounts.end_session(account_id, one.key_hash, actor=actor, now=now)
        if sid is not None:
            sso.end(account_id=account_id, now=now, sid=sid)
    return len(others)


@transaction.atomic
def end_surplus_sessions(account_id: str, key_hash: str, *, most: int, actor: Actor, now: datetime) -> int:
    """Keep the browser of that key, which has just signed in, and `most` in all; the oldest go. Gives how many went."""
    others = [one for one in queries.sessions(account_id, now) if one.key_hash != key_hash]
    others.sort(key=lambda one: (one.started_at or now, one.key_hash), reverse=True)
    for one in others[most - 1 :]:
        sid = accounts.end_session(account_id, one.key_hash, actor=actor, now=now)
        if sid is not None:
            sso.end(account_id=account_id, now=now, sid=sid)
    return len(others[most - 1 :])

"""Browsers that skip the second step."""

from datetime import datetime

from django.db import transaction

from noren.accounts.actions.rows import locked, record, write
from noren.kit.actor import Actor


@transaction.atomic
def forget_browsers(account_id: str, *, actor: Actor, now: datetime) -> None:
    """Trust no browser any more: what each of them keeps was signed with an earlier time than this one."""
    row = locked(account_id)
    write(row, browsers_forgotten_at=now)
    record(row, "forget_browsers", actor=actor, now=now)

"""Write down who did what, in the transaction that did it."""

from collections.abc import Mapping
from datetime import datetime

from noren.audit.models import Record
from noren.kit.actor import Actor


def record(*, actor: Actor, act: str, subject: str, detail: Mapping[str, object], now: datetime) -> None:
    """Add one row: the actor did the act (`lines.import`) to the subject; the detail is kept as JSON."""
    Record.objects.create(booked_at=now, actor=str(actor), act=act, subject=subject, detail=dict(detail))

"""Which partner services accounts of a place may be linked to: all, but those that the place denies."""

from datetime import datetime
from typing import Any

from django.db import transaction

from noren.audit import actions as audit
from noren.groups.models import DeniedService
from noren.groups.rules import PolicyPlace
from noren.kit.actor import Actor


@transaction.atomic
def deny_service(place: PolicyPlace, client_id: str, *, scope: str, actor: Actor, now: datetime) -> bool:
    """No account of the place is linked to the service any more; False: it was denied already.

    `scope`: the corporation of the place, for the audit. What is linked now is ended by `lifecycle.deny_service`.
    """
    _row, is_new = DeniedService.objects.get_or_create(place=place.name, client_id=client_id)
    if is_new:
        audit.record(act="policy.deny_service", **_about(place, client_id), scope=scope, actor=actor, now=now)
    return is_new


@transaction.atomic
def allow_service(place: PolicyPlace, client_id: str, *, scope: str, actor: Actor, now: datetime) -> bool:
    """The place denies it no more; False: it did not."""
    gone, _rows = DeniedService.objects.filter(place=place.name, client_id=client_id).delete()
    if gone:
        audit.record(act="policy.allow_service", **_about(place, client_id), scope=scope, actor=actor, now=now)
    return bool(gone)


def _about(place: PolicyPlace, client_id: str) -> dict[str, Any]:
    return {"subject": place.group_id or place.corporation_id, "detail": {"client": client_id}}

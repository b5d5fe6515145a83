"""Deny a partner service to the accounts of a corporation or a group."""

from datetime import datetime

from django.db import transaction

from noren.groups import actions as groups
from noren.groups import queries
from noren.groups.rules import PolicyPlace
from noren.kit.actor import Actor
from noren.sso import actions as sso
from noren.sso import queries as linked_to


@transaction.atomic
def deny_service(place: PolicyPlace, client_id: str, *, scope: str, actor: Actor, now: datetime) -> int:
    """Nobody of the place signs on to it any more; those linked now are released. How many were."""
    groups.deny_service(place, client_id, scope=scope, actor=actor, now=now)
    linked = linked_to.linked_accounts(client_id, queries.placed(place))
    return sum(sso.release(account_id, client_id, actor=actor, now=now) for account_id in linked)

"""Make somebody one of the operator's people, and end that."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts import queries as accounts
from noren.audit import actions as audit
from noren.groups.actions import refusals
from noren.groups.actions.rows import living, tidy_name
from noren.groups.models import Staff
from noren.groups.rules import SHOP_CODE_LENGTH, StaffRole
from noren.kit.actor import Actor

_CODE = re.compile(rf"[A-Za-z0-9_-]{{1,{SHOP_CODE_LENGTH}}}")


@transaction.atomic
def add_staff(account_id: str, role: StaffRole, *, shop: str, shop_name: str, actor: Actor, now: datetime) -> None:
    """Let the account work in the shop; it replaces what it was. A shop has one name: the one given last.

    Raises UnknownAccount, WrongState, BadShop, BadName.
    """
    living(account_id)
    if not _CODE.fullmatch(shop):
        raise refusals.BadShop(_("A shop's code has 1 to %(most)d letters, digits, - and _."), most=SHOP_CODE_LENGTH)
    about = {"role": role, "shop": shop, "shop_name": tidy_name(shop_name)}
    Staff.objects.update_or_create(account_id=account_id, defaults={**about, "given_at": now})
    Staff.objects.filter(shop=shop).update(shop_name=about["shop_name"])
    scope = accounts.corporation_of(account_id)
    audit.record(actor=actor, act="staff.add", subject=account_id, now=now, scope=scope, detail=about)


@transaction.atomic
def remove_staff(account_id: str, *, actor: Actor, now: datetime) -> None:
    """It is a customer's account again. Raises NotStaff."""
    gone, _rows = Staff.objects.filter(account_id=account_id).delete()
    if not gone:
        raise refusals.NotStaff(_("This account is none of the operator's people."))
    scope = accounts.corporation_of(account_id)
    audit.record(actor=actor, act="staff.remove", subject=account_id, now=now, scope=scope)

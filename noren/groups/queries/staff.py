"""The operator's people: who works in which shop."""

from dataclasses import dataclass

from noren.groups.models import Staff
from noren.groups.rules import STAFF_GRANTS, Permission, StaffRole


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Somebody of the operator. `shop` is a code, `shop_name` what customers read."""

    account_id: str
    login_id: str
    name: str
    role: StaffRole
    shop: str
    shop_name: str

    def may(self, permission: Permission) -> bool:
        """Whether their role gives the permission."""
        return permission in STAFF_GRANTS[self.role]


def staff_of(account_id: str) -> StaffRow | None:
    """What the account is at the operator; None: a customer's."""
    found = Staff.objects.filter(account_id=account_id).select_related("account").first()
    return None if found is None else _row(found)


def staff() -> tuple[StaffRow, ...]:
    """All of them, shop by shop."""
    rows = Staff.objects.select_related("account").order_by("shop", "account__login_id")
    return tuple(map(_row, rows))


def _row(row: Staff) -> StaffRow:
    return StaffRow(
        row.account_id, row.account.login_id, row.account.name, StaffRole(row.role), row.shop, row.shop_name
    )

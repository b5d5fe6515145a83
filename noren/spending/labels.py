"""What people read of an allocation."""

from django.utils.translation import gettext as _

from noren.spending.queries import AllocationRow


def state(row: AllocationRow, *, waits: bool) -> str:
    """How far it is, in a few words. `waits`: points of it were handed over and not answered."""
    if not row.points:
        return _("No points were there")
    if waits:
        return _("With the billing system")
    if row.open_points:
        return _("Paid in part, the rest is carried") if row.paid else _("Waits for the bill")
    if row.paid == row.points:
        return _("Paid")
    return _("Paid in part") if row.paid else _("Given back") if row.returned else _("Lost")

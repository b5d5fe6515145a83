"""What people call the codes of the programmes that ship. A code of one's own is told as it is written."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

LABELS = {
    "basic_fee": _("Basic fee"),
    "call": _("Calls"),
    "packet": _("Data"),
    "option": _("Options"),
    "discount": _("Discount"),
    "instalment": _("Device instalment"),
    "content_fee": _("Content fee"),
    "universal_service_fee": _("Universal service fee"),
    "admin_fee": _("Administration fee"),
    "construction": _("Construction"),
    "cancellation_fee": _("Cancellation fee"),
    "paper_statement_fee": _("Paper statement fee"),
    "interconnection": _("Interconnection"),
    "tax": _("Tax"),
    "office_extension": _("Office extension"),
    "device_management": _("Device management"),
    "device_rescue": _("Device rescue"),
    "device_insurance": _("Device insurance"),
    "bill_management": _("Bill management"),
    "info_mail": _("Info mail"),
    "bill": _("Bill"),
    "data_topup": _("Data top-up"),
    "battery": _("Battery"),
    "accessories": _("Accessories"),
    "goods": _("Goods"),
    "donation": _("Donation"),
    "device": _("Device"),
    "repair": _("Repair"),
    "normal": _("Normal points"),
    "limited": _("Limited points"),
}
"""Charges, solutions, uses and kinds of points."""


def label(code: str) -> str:
    """The name of a charge, solution, use or kind of points."""
    return str(LABELS[code]) if code in LABELS else code.replace("_", " ")


def listed(codes: Iterable[str]) -> str:
    """Several names, one after the other."""
    return str(_(", ")).join(label(code) for code in codes)

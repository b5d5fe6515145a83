"""What people read for the words of the counter."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from noren.counter.rules import Consent, ReceiptKind, State

STATES: Mapping[State, object] = {
    State.OPEN: gettext_lazy("Waits for consent"),
    State.PAID: gettext_lazy("Points taken"),
    State.CANCELLED: gettext_lazy("Cancelled"),
}
CONSENTS: Mapping[Consent, object] = {
    Consent.CODE: gettext_lazy("by a code that was sent"),
    Consent.PIN: gettext_lazy("by the PIN of the line"),
    Consent.SIGNATURE: gettext_lazy("by signature"),
}
RECEIPTS: Mapping[ReceiptKind, object] = {
    ReceiptKind.SALE: gettext_lazy("Receipt for points used"),
    ReceiptKind.CREDIT: gettext_lazy("Receipt for points given back"),
}

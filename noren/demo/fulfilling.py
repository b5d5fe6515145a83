"""A partner of the catalogue that answers: most orders leave at once, some it cannot fulfil."""

from collections import Counter
from pathlib import Path

from django.utils.translation import gettext as _

from noren.demo import answering
from noren.kit.duck import Connection
from noren.orders import layouts

REFUSED = 0.10
"""How often."""


def answer(connection: Connection, folder: Path, *, handover: Path, out: Path, seed: int) -> Counter[str]:
    """Answer a handover, written to `out`; gives how many orders of each state. The same seed, the same answer.

    Raises the refusals of `kit.intake`.
    """
    columns = "order_number, postal_code IS NOT NULL"
    asked = answering.read(connection, folder, handover=handover, layout=layouts.HANDOVERS, columns=columns)
    return answering.write(out, layouts.FULFILMENTS, asked, _decide, seed=seed)


def _decide(drawn: float, is_delivered: bool) -> tuple[str, str, str]:
    """What goes to an address is shipped and has a tracking number; anything else is done with that."""
    if drawn < REFUSED:
        return "refused", "", _("It is out of stock at the supplier.")
    return ("shipped", f"{int(drawn * 10**12):012}", "") if is_delivered else ("delivered", "", "")

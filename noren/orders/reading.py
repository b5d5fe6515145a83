"""Read a catalogue file."""

from django.utils.translation import gettext_noop as _

from noren.kit.errors import Refusal
from noren.kit.toml import BadFile, Format
from noren.orders.definition import Catalogue


class BadCatalogue(BadFile):
    """A catalogue file that cannot be used."""

    code = "catalogue.definition"


class NoCatalogueFile(Refusal):
    """A catalogue file or a picture of it that is not there or cannot be read."""

    code = "catalogue.file"


ADVICE = {
    "title_both": _("give both ja and en"),
    "bounds_cross": _("most is less than least: no number fits"),
    "prices_in_order": _("prices stand in the order of their days, each day once"),
    "no_price": _("the first price begins after the item; let it begin no later"),
    "ends_before": _("until is before since"),
    "bill_is_allocated": _("points for bills are allocated, not ordered; name another use"),
}
"""What to do about each kind of error that only a catalogue can have."""

FORMAT = Format("catalogue", Catalogue, ADVICE, BadCatalogue, NoCatalogueFile)

"""What people call the movements of points."""

from django.utils.translation import gettext_lazy as _

from noren.points.rules import EVERY_USE, Movement

LABELS = {
    Movement.GRANT: _("grant"),
    Movement.CORRECT: _("correction"),
    Movement.SPEND: _("use"),
    Movement.REVERSE: _("return"),
    Movement.EXPIRE: _("lapse"),
    Movement.ADJUST: _("adjustment"),
    Movement.TRANSFER: _("transfer"),
    Movement.NET: _("netting"),
}


def uses(listed: str) -> str:
    """What a lot's points may be used on, for people."""
    return str(_("every use")) if listed == EVERY_USE else listed.replace(" ", ", ")

"""Take catalogue files into use, and say how many of an item there are."""

import hashlib
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.kit.actor import Actor
from noren.orders import queries, reading
from noren.orders.actions import refusals
from noren.orders.definition import Catalogue as Definition
from noren.orders.models import Catalogue, Picture, Stock
from noren.programme import queries as programme

PICTURE_BYTES = 500_000
"""No picture is larger: a page shows dozens of them."""


@transaction.atomic
def load(path: Path, *, actor: Actor, now: datetime) -> Definition:
    """Take the catalogue in a TOML file and the pictures beside it into use; the same ones again change nothing.

    A stocked item that is new begins with none: `set_stock`.
    Raises reading.BadCatalogue, reading.NoCatalogueFile, UnknownUse, UnknownKind.
    """
    catalogue, text = reading.FORMAT.read_file(path)
    _must_be_known(catalogue, localtime(now).date())
    for name in sorted({item.picture for item in catalogue.items if item.picture}):
        _keep_picture(path.parent / name)
    Stock.objects.bulk_create(
        [Stock(code=item.code, available=0) for item in catalogue.items if item.stocked], ignore_conflicts=True
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    newest = Catalogue.objects.order_by("-number").first()
    if newest is None or newest.digest != digest:
        number = 1 if newest is None else newest.number + 1
        Catalogue.objects.create(number=number, source=text, digest=digest, loaded_by=str(actor), loaded_at=now)
        detail = {"sha256": digest, "items": len(catalogue.items)}
        audit.record(actor=actor, act="catalogue.load", subject=str(number), detail=detail, now=now)
    return catalogue


@transaction.atomic
def set_stock(code: str, available: int, *, actor: Actor, now: datetime) -> None:
    """So many of a stocked item can be ordered from now on. Raises UnknownItem, NotStocked."""
    item = queries.catalogue().item(code)
    if item is None:
        raise queries.UnknownItem(_("There is no item %(code)s in the catalogue."), code=code)
    if not item.stocked:
        raise refusals.NotStocked(_("%(code)s is not stocked: any number can be ordered."), code=code)
    before = Stock.objects.select_for_update().get(code=code)
    Stock.objects.filter(code=code).update(available=available)
    audit.record(
        actor=actor,
        act="catalogue.stock",
        subject=code,
        now=now,
        before={"available": before.available},
        after={"available": available},
    )


def _must_be_known(catalogue: Definition, today: date) -> None:
    unknown = set(catalogue.uses) - set(programme.in_force(today).uses)
    if unknown:
        message = _("The programme has no use %(uses)s. Add it to its uses, or correct the item.")
        raise refusals.UnknownUse(message, uses=", ".join(sorted(unknown)))
    for item in catalogue.items:
        if wrong := set(item.kinds) - programme.kinds_for(item.use):
            message = _("The programme has no kinds of points %(kinds)s for the use %(use)s. Correct item %(item)s.")
            raise refusals.UnknownKind(message, kinds=", ".join(sorted(wrong)), use=item.use, item=item.code)


def _keep_picture(path: Path) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = _("%(path)s cannot be read: %(reason)s.")
        raise reading.NoCatalogueFile(message, path=path, reason=error.strerror) from error
    if len(content) > PICTURE_BYTES:
        message = _("%(path)s is larger than %(most)s bytes.")
        raise reading.NoCatalogueFile(message, path=path, most=f"{PICTURE_BYTES:,}")
    digest = hashlib.sha256(content).hexdigest()
    Picture.objects.update_or_create(name=path.name, defaults={"content": content, "digest": digest})

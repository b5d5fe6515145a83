"""Which definition is in force."""

import functools
from datetime import date

from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Refusal
from noren.kit.months import month_text
from noren.programme import reading
from noren.programme.definition import Definition
from noren.programme.models import Version


class NoProgramme(Refusal):
    """No version of the programme is in force."""

    code = "programme.none"


def versions() -> list[Definition]:
    """Every version, the earliest first."""
    return [_definition(row) for row in Version.objects.order_by("effective_from")]


def in_force(month: date) -> Definition:
    """The version in force in a month. Raises NoProgramme."""
    row = Version.objects.filter(effective_from__lte=month).order_by("-effective_from").first()
    if row is None:
        raise NoProgramme(
            _("No programme is in force in %(month)s. Load one that begins earlier with “noren programme load”."),
            month=month_text(month),
        )
    return _definition(row)


def version(name: str) -> Definition:
    """The version of that name, as `reference/2021-07-01`. Raises NoProgramme."""
    for definition in versions():
        if definition.version == name:
            return definition
    raise NoProgramme(_("The programme version %(name)s is not loaded."), name=name)


def solution_codes() -> frozenset[str]:
    """Every solution that some version knows: contracts outlive versions."""
    return frozenset[str]().union(*(version.solution_codes for version in versions()))


def kinds_for(use: str) -> frozenset[str]:
    """Every kind of points that some version lets be used so: lots outlive versions."""
    kinds = [kind for version in versions() for kind in version.kinds]
    return frozenset(kind.name for kind in kinds if kind.uses == "all" or use in kind.uses)


def _definition(row: Version) -> Definition:
    return _read(row.source, f"{row.programme}/{row.effective_from}")


@functools.lru_cache(maxsize=64)
def _read(source: str, name: str) -> Definition:
    """A definition never changes once read, and reading one takes longer than the rest of a page."""
    return reading.FORMAT.read_text(source, name)

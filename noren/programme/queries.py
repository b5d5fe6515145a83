"""Which definition is in force."""

import functools
from datetime import date

from django.utils.translation import gettext_lazy as _

from noren.kit import sql
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
    found = Version.objects.order_by("effective_from").values_list("effective_from", "digest")
    return [_definition(*one) for one in found]


def in_force(month: date) -> Definition:
    """The version in force in a month. Raises NoProgramme."""
    found = sql.rows(lambda *version: version, "programme", "in_force.sql", {"month": month})
    if not found:
        raise NoProgramme(
            _("No programme is in force in %(month)s. Load one that begins earlier with “noren programme load”."),
            month=month_text(month),
        )
    try:
        return _definition(*found[0])
    except Version.DoesNotExist:  # another text has taken its place since
        return in_force(month)


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


@functools.lru_cache(maxsize=64)
def _definition(effective_from: date, digest: str) -> Definition:
    """What has this digest never changes, and reading it takes longer than the rest of a page."""
    row = Version.objects.get(effective_from=effective_from, digest=digest)
    return reading.FORMAT.read_text(row.source, f"{row.programme}/{effective_from}")

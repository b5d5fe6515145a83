"""Take programme files into use."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit_actions
from noren.kit.actor import Actor
from noren.kit.errors import Refusal
from noren.programme import reading
from noren.programme.definition import Definition
from noren.programme.models import Version

SHIPPED = Path(__file__).parent / "shipped"
"""Where an installed package keeps the programmes that ship with it; a checkout has them at its top."""


class OtherProgramme(Refusal):
    """An installation runs one programme."""

    code = "programme.other"


class VersionInUse(Refusal):
    """A version that closed a month is not changed afterwards."""

    code = "programme.in_use"


def shipped(name: str) -> Path:
    """The folder of a programme that comes with Noren."""
    checkout = Path(__file__).parents[2] / "programmes"
    return (SHIPPED if SHIPPED.is_dir() else checkout) / name


def load(*, folder: Path, used: Sequence[date], actor: Actor, now: datetime) -> list[Definition]:
    """Take every TOML file of a folder (or one file) into use; what is there already and the same is left.

    `used` holds the first days of the versions that closed a month: these no longer change.
    Raises reading.NoDefinition, reading.BadDefinition, OtherProgramme, VersionInUse.
    """
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else [folder]
    if not files:
        raise reading.NoDefinition(_("%(path)s holds no .toml file."), path=folder)
    return [_take(*reading.FORMAT.read_file(file), used=used, actor=actor, now=now) for file in files]


def _take(definition: Definition, text: str, *, used: Sequence[date], actor: Actor, now: datetime) -> Definition:
    digest = hashlib.sha256(text.encode()).hexdigest()
    before = Version.objects.filter(effective_from=definition.effective_from).first()
    if before is not None and before.digest == digest:
        return definition
    _refuse_other_programme(definition)
    if before is not None and before.effective_from in used:
        raise VersionInUse(
            _("%(version)s has closed a month and stays as it is. Give the change a later effective_from."),
            version=definition.version,
        )
    Version.objects.update_or_create(
        effective_from=definition.effective_from,
        defaults={"programme": definition.programme, "source": text, "digest": digest, "loaded_at": now},
    )
    audit_actions.record(
        actor=actor, act="programme.load", subject=definition.version, detail={"sha256": digest}, now=now
    )
    return definition


def _refuse_other_programme(definition: Definition) -> None:
    other = Version.objects.exclude(programme=definition.programme).first()
    if other is not None:
        raise OtherProgramme(
            _("This installation runs the programme %(ours)s; %(theirs)s needs a data directory of its own."),
            ours=other.programme,
            theirs=definition.programme,
        )

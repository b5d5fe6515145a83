"""Bring the PINs of lines in: a whole file or nothing, every row accounted for."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts.actions.lines import set_pins
from noren.audit import actions as audit
from noren.kit import intake
from noren.kit.actor import Actor
from noren.kit.duck import Connection
from noren.kit.intake import Check, Layout, Lookup, Reason
from noren.kit.progress import Progress
from noren.members import actions as members
from noren.members import queries
from noren.members.layouts import an_id

AT_ONCE = 5_000
"""Rows that are read and hashed at a time."""

LINE_PINS = Layout(
    name="line-pins",
    columns=("line_id", "pin"),
    key="line_id",
    secret=frozenset({"pin"}),
    checks=(
        *an_id("line_id"),
        intake.required("pin"),
        Check("pin", "not_a_pin", "pin IS NOT NULL AND NOT regexp_full_match(pin, '[0-9]{4}')"),
    ),
)

REASONS = {**members.REASONS, "not_a_pin": _("%(field)s is not four digits.")}
"""What is wrong with a field, by code."""


@dataclass(frozen=True, slots=True)
class PinsImported:
    """What came of one file. read = accepted + rejected."""

    file_name: str
    sha256: str
    read: int
    accepted: int
    rejected: int
    rejects: str = ""
    reasons: tuple[Reason, ...] = ()


@transaction.atomic
def import_pins(
    connection: Connection,
    folder: Path,
    *,
    path: Path,
    home: Path,
    actor: Actor,
    now: datetime,
    progress: Progress,
    encoding: intake.Encoding = "auto",
    strict: bool = False,
    rejects: Path | None = None,
) -> PinsImported:
    """Keep the digest of each line's PIN; one that is known is replaced, wrong tries are forgotten.

    Raises the refusals of `kit.intake`.
    """
    raw = intake.open_file(connection, folder, path, LINE_PINS, encoding=encoding, progress=progress)
    queries.known_owners(connection, folder)
    known = (Lookup("line_id", "unknown_line", "known_lines", "id"),)
    result = intake.split(connection, raw, checks=(), lookups=known, progress=progress)
    if strict and result.rejected.rows:
        raise intake.strict_refusal(path, result, REASONS)
    told = intake.keep_rejects(connection, raw, result, rejects, REASONS, home=home, now=now)
    accepted = connection.execute("SELECT line_id, pin FROM accepted")
    while rows := accepted.fetchmany(AT_ONCE):
        set_pins(rows)
    done = PinsImported(
        file_name=path.name,
        sha256=raw.sha256,
        read=result.read.rows,
        accepted=result.accepted.rows,
        rejected=result.rejected.rows,
        rejects=told,
        reasons=result.reasons,
    )
    audit.record(actor=actor, act="line-pins.import", subject=path.name, detail=asdict(done), now=now)
    return done

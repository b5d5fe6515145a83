"""What becomes of rejected rows: a file for whoever has to correct them, or the refusal of the whole file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from noren.kit import duck, files
from noren.kit.errors import Refusal
from noren.kit.intake.layout import quoted
from noren.kit.intake.reading import Raw
from noren.kit.intake.splitting import REASONS, Result, Texts, fault


class StrictRefusal(Refusal):
    """A file with a bad row, when not one was allowed."""

    code = "import.strict"


def strict_refusal(path: Path, result: Result, texts: Texts) -> StrictRefusal:
    """The refusal of a file in strict mode, with every reason and its number of rows."""
    reasons = [f"{one.sentence(texts)} ({one.rows})" for one in result.reasons]
    return StrictRefusal(
        _("%(file)s is refused because of its bad rows (%(bad)d): %(reasons)s"),
        file=path.name,
        bad=result.rejected.rows,
        reasons=" ".join(reasons),
    )


def keep_rejects(
    con: duck.Connection, raw: Raw, result: Result, wished: Path | None, texts: Texts, *, home: Path, now: datetime
) -> str:
    """Write the rejected rows to the wished file, else into the data directory; gives its path, empty if none."""
    if not result.rejected.rows:
        return ""
    name = f"{raw.layout.name}-{now:%Y%m%dT%H%M%S}-{raw.sha256[:8]}.csv"
    path = wished or home / "rejects" / name
    write_rejects(con, raw, result, path, texts=texts)
    return str(path)


def rejects_file(wished: Path | None, path: Path, among: Sequence[Path]) -> Path | None:
    """The rejects file of one of several files: by its place, because two files may have the same name.

    Raises NotWritable where it would replace a file that is read.
    """
    if wished is None:
        return None
    own = wished if len(among) < 2 else wished.with_stem(f"{wished.stem}-{among.index(path) + 1}")
    if own.resolve() in {one.resolve() for one in among}:
        raise files.NotWritable(_("%(path)s is a file to be read; name another one for the rejected rows."), path=own)
    return own


def write_rejects(con: duck.Connection, raw: Raw, result: Result, path: Path, *, texts: Texts = REASONS) -> None:
    """Write the rejected rows as CSV that Excel opens: row, field, code, reason, then the file's own columns.

    Several faults of a row are joined by `; `. A row broken in its structure has no field; its line stands
    as it came (cut, if it is too long) in the first of the file's own columns, the others are empty.
    Raises NoSpace, NotWritable.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE reasons (fault STRUCT(field VARCHAR, code VARCHAR), reason VARCHAR)")
    for reason in result.reasons:
        # Literals, because the first parameter ever makes DuckDB import pandas, which takes a second.
        told = duck.literal(reason.sentence(texts))
        con.execute(f"INSERT INTO reasons VALUES ({fault(reason.field, reason.code)}, {told})")
    with files.whole(path) as scratch:
        con.execute(f"COPY ({_told(raw)}) TO {duck.literal(scratch)} (FORMAT csv, HEADER)")
    con.execute("DROP TABLE reasons")


def _told(raw: Raw) -> str:
    def each(what: str) -> str:
        return f"array_to_string(list_transform(faults, lambda fault: {what}), '; ')"

    own = [_shown(column, raw, whole_line=f"{each('fault.field')} = ''") for column in raw.columns]
    # The byte order mark tells Excel that this is UTF-8.
    return (
        "WITH told AS (SELECT map(list(fault), list(reason)) AS sentences FROM reasons) "
        f'SELECT "row" AS "\ufeffrow", {each("fault.field")} AS field, {each("fault.code")} AS code, '
        f"{each('sentences[fault]')} AS reason, {', '.join(own)} "
        'FROM rejected, told ORDER BY "row"'
    )


def _shown(column: str, raw: Raw, *, whole_line: str) -> str:
    """A column as the rejects file has it: secrets, and broken lines that may hold one, are masked."""
    name, secret = quoted(column), raw.layout.secret
    if column in secret:
        return f"CASE WHEN {name} IS NOT NULL THEN '***' END AS {name}"
    if secret and column == raw.columns[0]:
        return f"CASE WHEN {whole_line} THEN '***' ELSE {name} END AS {name}"
    return name

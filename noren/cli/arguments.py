"""Arguments that several commands share, read with a clear message when they are wrong."""

import getpass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from noren.kit import intake
from noren.kit.actor import Actor, ActorKind
from noren.kit.months import parse_month

YEARS = range(1900, 3000)


def clock() -> datetime:
    """The time at which things are booked."""
    return datetime.now(UTC)


def actor() -> Actor:
    """Who runs the command: the login name on this machine."""
    try:
        return Actor(ActorKind.STAFF, getpass.getuser())
    except (KeyError, OSError):
        return Actor(ActorKind.SYSTEM, "noren")


def a_month(text: str) -> date:
    """The first day of the month written as YYYY-MM."""
    try:
        return _in_range(parse_month(text))
    except ValueError as error:
        message = _("“%(value)s” is not a month. Write it as YYYY-MM, such as 2021-07.")
        raise typer.BadParameter(message % {"value": text}) from error


def a_day(text: str) -> date:
    """The day written as YYYY-MM-DD."""
    try:
        return _in_range(datetime.strptime(text, "%Y-%m-%d").date())  # noqa: DTZ007  (a calendar day, no time)
    except ValueError as error:
        message = _("“%(value)s” is not a day. Write it as YYYY-MM-DD, such as 2021-08-10.")
        raise typer.BadParameter(message % {"value": text}) from error


def _in_range(day: date) -> date:
    """The day, unless it cannot be meant. Raises ValueError."""
    if day.year not in YEARS:
        raise ValueError(day)
    return day


Month = Annotated[date, typer.Argument(parser=a_month, metavar="YYYY-MM", help=_("Month, as YYYY-MM."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON instead of tables."))]
Out = Annotated[Path, typer.Option("--out", help=_("File to write: .csv or .parquet."))]
Encoding = Annotated[
    intake.Encoding,
    typer.Option(
        "--encoding",
        help=_("Encoding of CSV files; auto finds out."),
    ),
]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", help=_("File for rejected rows (default: in the data directory)."))
]
Strict = Annotated[bool, typer.Option("--strict", help=_("Refuse a file that has a bad row."))]

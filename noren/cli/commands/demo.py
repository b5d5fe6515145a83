"""The demo carrier."""

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from noren.cli import arguments, database, show
from noren.cli.commands import closing, installation, serving
from noren.cli.door import door
from noren.cli.frame import Commands
from noren.demo import actions, fulfilling, partner, people
from noren.demo import billing as simulated
from noren.kit import duck
from noren.kit.months import first_day, month_text
from noren.members import queries as members

app = Commands(help=_("Load a fictional carrier and close its last twelve months."), invoke_without_command=True)


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="demo")


Serve = Annotated[bool, typer.Option("--serve", help=_("Then run the web server and the partner service."))]


@app.callback()
def demo(context: typer.Context, *, bind: serving.Bind = serving.USUAL, serve: Serve = False) -> None:
    """From nothing to closed months and people to sign in as, with what to try next."""
    if context.invoked_subcommand is not None:
        return
    if serve:
        serving.must_be_free(*serving.a_bind(bind))
        serving.must_be_free("127.0.0.1", urlsplit(settings.NOREN_PARTNER_URL).port or 80)
    installation.init()
    with show.Bars() as bars:
        loaded = actions.load(door=door(bars), present=first_day(arguments.clock().date()))
    closing.show_months(loaded.runs)
    closing.show_run(loaded.runs[-1])
    month = loaded.runs[-1].month
    member = members.some_member()
    if month is None or member is None:
        return
    show.say("")
    show.say(_("Try next:"))
    for line in _next_commands(member, month_text(month)):
        show.say("  " + line)
    _show_people(loaded.sign_ins)
    if serve:
        _serve(loaded.folder, bind)


Handover = Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or Parquet file."))]
Answers = Annotated[Path, typer.Option("--out", help=_("The file to write."))]
Seed = Annotated[int, typer.Option("--seed", help=_("The same seed gives the same answer."))]


@app.command("billing", help=_("Answer a handover as a billing system would."))
def billing(handover: Handover, *, out: Answers, seed: Seed = 1) -> None:
    """Most bills take the points that they are offered."""
    with duck.connect(database.home() / "scratch") as (connection, folder):
        counts = simulated.answer(connection, folder, handover=handover, out=out, seed=seed)
    show.say(_("%(confirmed)s confirmed, %(reduced)s reduced, %(refused)s refused.") % counts)


@app.command("partner", help=_("Answer a handover as a partner who fulfils orders would."))
def fulfil(handover: Handover, *, out: Answers, seed: Seed = 1) -> None:
    """Most orders leave at once."""
    with duck.connect(database.home() / "scratch") as (connection, folder):
        counts = fulfilling.answer(connection, folder, handover=handover, out=out, seed=seed)
    show.say(_("%(shipped)s shipped, %(delivered)s delivered, %(refused)s refused.") % counts)


def _show_people(sign_ins: Sequence[people.SignIn]) -> None:
    """Who can sign in, and with what."""
    heads = [_("Who"), _("Login ID"), _("Password"), _("Secret for an authenticator app")]
    rows: list[list[show.Cell]] = [
        [one.told, one.login_id, one.password, one.totp_secret or _("(code by mail)")] for one in sign_ins
    ]
    show.say("")
    show.table(_("Sign in as"), heads, rows)


def _serve(folder: Path, bind: str) -> None:
    """The sites, with the outbox to be seen, and the partner service beside them."""
    addresses = {"issuer": settings.NOREN_URL, "url": settings.NOREN_PARTNER_URL}
    registration = people.partner(folder, **addresses, actor=arguments.actor(), now=arguments.clock())
    for place, url in (
        (_("Sites"), settings.NOREN_URL),
        (_("Mails that the demo sends"), f"{settings.NOREN_URL}/outbox/"),
        (_("Partner service"), registration.url),
    ):
        show.say(f"{place}: {url}")
    # The worker processes read their settings anew, from the environment.
    os.environ.update(NOREN_DEMO="on", NOREN_OUTBOX="file")
    server = partner.start(registration)
    try:
        serving.run(bind, workers=1, outbox_kind="file")
    finally:
        server.shutdown()


def _next_commands(member: str, month: str) -> list[str]:
    """Lines to paste: the demo's own data directory, then commands as this one was given."""
    noren = sys.argv[0] if Path(sys.argv[0]).name == "noren" else "noren"
    commands = (
        f"explain {member} {month}",
        f"history {member}",
        f"export grants {month} --out grants.csv",
        "export balances --out balances.csv",
        f"close {month}",
        "verify",
        "stop",
    )
    return [f"export NOREN_HOME={shlex.quote(str(database.home()))}", *(f"{noren} {command}" for command in commands)]

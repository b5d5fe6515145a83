"""Business accounts: issue, invite, lock, end."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from django.db import transaction
from django.utils.translation import gettext as _

from noren.accounts import queries
from noren.accounts.rules import TICKET_LIFE, LockReason
from noren.bulk import letters
from noren.cli import arguments, database, show
from noren.cli.frame import Commands
from noren.groups import actions as groups
from noren.kit import files
from noren.lifecycle import actions

Name = Annotated[str, typer.Argument(metavar="ACCOUNT", help=_("Account id or login ID."))]
LoginId = Annotated[str, typer.Option("--login", help=_("Login ID: a mail address or free letters, digits, signs."))]
Language = Literal["ja", "en"]
Day = Annotated[
    date | None,
    typer.Option(
        "--on", parser=arguments.a_day, metavar="YYYY-MM-DD", help=_("First day no longer a member; usually today.")
    ),
]

app = Commands(help=_("Business accounts."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="account")


@app.command("issue", help=_("Issue an account; it joins the programme with it."))
def issue(
    *,
    corporation: Annotated[str, typer.Option(help=_("Corporation id."))],
    name: Annotated[str, typer.Option(help=_("Name of the person."))],
    login: LoginId = "",
    number: Annotated[str, typer.Option("--employee-number", help=_("Employee number; makes the login ID."))] = "",
    kana: Annotated[str, typer.Option(help=_("Name in kana."))] = "",
    department: Annotated[str, typer.Option(help=_("Department."))] = "",
    title: Annotated[str, typer.Option(help=_("Title."))] = "",
    mail: Annotated[str, typer.Option(help=_("Contact mail."))] = "",
    mobile: Annotated[str, typer.Option(help=_("Contact mobile."))] = "",
    language: Annotated[Language, typer.Option(help=_("Language of mails: ja or en."))] = "ja",
    line: Annotated[list[str] | None, typer.Option(help=_("Line of the person; may be given again."))] = None,
    account_id: Annotated[str, typer.Option("--id", help=_("Account id of a system that is taken over."))] = "",
    joined_on: Annotated[
        date | None,
        typer.Option(parser=arguments.a_day, metavar="YYYY-MM-DD", help=_("Member since, if before today.")),
    ] = None,
    as_json: arguments.AsJson = False,
) -> None:
    """Issue one account."""
    database.ready()
    made = actions.issue(
        corporation_id=corporation,
        login_id=login,
        name=name,
        name_kana=kana,
        department=department,
        title=title,
        employee_number=number,
        contact_mail=mail,
        contact_mobile=mobile,
        language=language,
        lines=line or (),
        account_id=account_id,
        joined_on=joined_on,
        actor=arguments.actor(),
        now=arguments.clock(),
    )
    _tell(made, as_json=as_json)


@app.command("show", help=_("Show an account and the members whose points its person sees."))
def show_one(name: Name, *, as_json: arguments.AsJson = False) -> None:
    """Show one account."""
    database.ready()
    _tell(queries.named(name).account_id, as_json=as_json)


@app.command("invite", help=_("Invite the person: by mail, or by a letter that is written as HTML to print."))
def invite(
    name: Name,
    *,
    letter: Annotated[
        Path | None, typer.Option(help=_("PDF file for a letter with a QR code, instead of a mail."))
    ] = None,
) -> None:
    """Make a link that works once."""
    database.ready()
    found, now = queries.named(name), arguments.clock()
    by: actions.By = "letter" if letter else "mail"
    token = actions.invite(found.account_id, by=by, actor=arguments.actor(), now=now)
    if letter is None:
        show.say(_("An invitation goes to %(mail)s.") % {"mail": found.contact_mail})
        show.say(actions.invitation_link(token))
        return
    with files.whole(letter) as target, target.open("wb") as file:
        letters.write([_letter(found, token, now)], file)
    show.say(_("The letter is in %(file)s.") % {"file": letter})


def _letter(found: queries.AccountRow, token: str, now: datetime) -> letters.Letter:
    return letters.Letter(
        corporation=found.corporation_name,
        department=found.department,
        name=found.name,
        login_id=found.login_id,
        language=found.language,
        link=actions.letter_link(token),
        until=now + TICKET_LIFE,
    )


@app.command("administrator", help=_("Let an account administer its corporation on the admin site, or no more."))
def administrator(
    name: Name, *, end: Annotated[bool, typer.Option("--end", help=_("It administers no more."))] = False
) -> None:
    """Name or dismiss one administrator."""
    database.ready()
    account_id, actor, now = queries.named(name).account_id, arguments.actor(), arguments.clock()
    with transaction.atomic():
        if end:
            groups.end_administrator(account_id, actor=actor, now=now)
            show.say(_("The account administers its corporation no more."))
        elif groups.make_administrator(account_id, actor=actor, now=now):
            show.say(_("The account administers its corporation."))
        else:
            show.say(_("The account administers its corporation already."))


@app.command("lock", help=_("Lock an account: nobody signs in to it, everybody is signed out."))
def lock(name: Name) -> None:
    """Lock one account."""
    database.ready()
    account_id = queries.named(name).account_id
    changed = actions.lock(account_id, LockReason.ADMINISTRATOR, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The account is locked.") if changed else _("The account was locked already."))


@app.command("unlock", help=_("Unlock an account."))
def unlock(name: Name) -> None:
    """Unlock one account."""
    database.ready()
    actions.unlock(queries.named(name).account_id, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The account can be used again."))


@app.command("reissue", help=_("Give the same person a new login ID; passwords and passkeys are gone, points stay."))
def reissue(name: Name, *, login: LoginId) -> None:
    """Reissue one account."""
    database.ready()
    actions.reissue(queries.named(name).account_id, login, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The account has a new login ID. Invite its person."))


@app.command("move", help=_("Move an account with its lines to another corporation; its person signs in anew."))
def move(
    name: Name,
    corporation: Annotated[str, typer.Argument(metavar="CORPORATION", help=_("Corporation id."))],
    *,
    succession: Annotated[bool, typer.Option("--succession", help=_("Points go with it; otherwise they end."))] = False,
) -> None:
    """Move one account."""
    database.ready()
    account_id = queries.named(name).account_id
    actions.change_name(account_id, corporation, succession=succession, actor=arguments.actor(), now=arguments.clock())
    _tell(account_id, as_json=False)


@app.command("abolish", help=_("End an account and its membership."))
def abolish(name: Name, *, on: Day = None) -> None:
    """Abolish one account."""
    database.ready()
    account_id = queries.named(name).account_id
    actions.abolish(account_id, on=on, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The account has ended."))


@app.command("lock-dormant", help=_("Write to accounts unused for a year; lock those unused for 13 months. Run daily."))
def lock_dormant(*, as_json: arguments.AsJson = False) -> None:
    """Look at every carrier-free account."""
    database.ready()
    done = actions.lock_dormant(actor=arguments.actor(), now=arguments.clock())
    if as_json:
        show.print_json(asdict(done))
        return
    show.say(_("Told: %(noticed)d, locked: %(locked)d.") % {"noticed": done.noticed, "locked": done.locked})


def _tell(account_id: str, *, as_json: bool) -> None:
    found = queries.account(account_id)
    members = queries.members_of(account_id)
    if as_json:
        uids = [{"kind": one.kind, "id": one.member_id, "uid": one.uid} for one in members]
        show.print_json({**asdict(found), "members": uids})
        return
    show.table(
        _("Account"),
        [_("What"), _("Value")],
        [
            [_("account id"), found.account_id],
            [_("login ID"), found.login_id],
            [_("state"), found.state],
            [_("kind"), found.kind],
            [_("corporation"), f"{found.corporation_id} {found.corporation_name}"],
            [_("name"), found.name],
            [_("contact mail"), found.contact_mail],
            [_("points of"), ", ".join(f"{one.kind}:{one.member_id}" for one in members)],
        ],
    )

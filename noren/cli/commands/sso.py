"""Partner services that people sign on to, and the keys that sign what they are given."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from noren.cli import arguments, database, show
from noren.cli.frame import Commands
from noren.sso import actions, keys, queries
from noren.sso.rules import USUAL_SCOPES, Algorithm, ClientAuth, GrantType, SubjectType

USUAL_GRANTS = [GrantType.CODE, GrantType.REFRESH]

Kid = Annotated[str, typer.Argument(metavar="KEY", help=_("Key id, as `noren keys list` shows."))]
Id = Annotated[str, typer.Argument(metavar="CLIENT", help=_("Client id, as `noren client list` shows."))]
Addresses = list[str] | None

clients = Commands(help=_("Partner services (relying parties)."))
signing = Commands(help=_("Keys that sign tokens."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(clients, name="client")
    root.add_typer(signing, name="keys")


@clients.command("add", help=_("Register a partner service; its secret is shown this once."))
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("Name that people see when they agree."))],
    *,
    redirect_uri: Annotated[Addresses, typer.Option(help=_("Where people return to; may be given again."))] = None,
    post_logout_redirect_uri: Annotated[
        Addresses, typer.Option(help=_("Where people return to after signing out; may be given again."))
    ] = None,
    backchannel_logout_uri: Annotated[str, typer.Option(help=_("Where it is told that a sign-in has ended."))] = "",
    auth: Annotated[ClientAuth, typer.Option(help=_("How it proves itself."))] = ClientAuth.BASIC,
    jwks: Annotated[Path | None, typer.Option(help=_("File with its public keys (JWK set)."))] = None,
    scope: Annotated[
        Addresses, typer.Option(help=_("What it may ask for; may be given again. All but points, usually."))
    ] = None,
    grant: Annotated[
        list[GrantType] | None, typer.Option(help=_("Kind of grant; may be given again. Code and refresh, usually."))
    ] = None,
    subject: Annotated[SubjectType, typer.Option(help=_("Whether it gets identifiers of its own."))] = (
        SubjectType.PAIRWISE
    ),
    sector: Annotated[str, typer.Option(help=_("Partners of one sector get the same identifiers."))] = "",
    id_token_alg: Annotated[Algorithm, typer.Option(help=_("What its ID tokens are signed with."))] = Algorithm.ES256,
    pkce: Annotated[bool, typer.Option(help=_("Whether it must use PKCE; off for old services only."))] = True,
    require_par: Annotated[bool, typer.Option("--require-par", help=_("It must push its requests."))] = False,
    require_dpop: Annotated[bool, typer.Option("--require-dpop", help=_("Its tokens are bound to a key."))] = False,
    introspects_all: Annotated[
        bool, typer.Option("--introspects-all", help=_("It may look into tokens of every partner (gateways)."))
    ] = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Register one."""
    database.ready()
    made = actions.add_client(
        name=name,
        redirect_uris=redirect_uri or (),
        post_logout_redirect_uris=post_logout_redirect_uri or (),
        backchannel_logout_uri=backchannel_logout_uri,
        auth_method=auth,
        jwks=_key_set(jwks),
        scopes=scope or USUAL_SCOPES,
        grant_types=grant or USUAL_GRANTS,
        subject_type=subject,
        sector=sector,
        id_token_alg=id_token_alg,
        require_pkce=pkce,
        require_par=require_par,
        require_dpop=require_dpop,
        introspects_all=introspects_all,
        actor=arguments.actor(),
        now=arguments.clock(),
    )
    _tell(made.client_id, made.secret, as_json=as_json)


def _key_set(path: Path | None) -> dict[str, Any] | None:
    """The file's keys. Raises typer.BadParameter."""
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise typer.BadParameter(_("%(path)s cannot be read: %(why)s") % {"path": path, "why": why}) from error
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise typer.BadParameter(_("%(path)s is not a JWK set: it has no list “keys”.") % {"path": path})
    return found


def _tell(client_id: str, secret: str, *, as_json: bool) -> None:
    told = {"client_id": client_id, **({"client_secret": secret} if secret else {})}
    if as_json:
        show.print_json(told)
        return
    show.table(_("Partner service"), [_("What"), _("Value")], list(told.items()))
    if secret:
        show.say(_("The secret is not kept and cannot be shown again."))


@clients.command("list", help=_("The partner services in use."))
def list_clients(*, as_json: arguments.AsJson = False) -> None:
    """Show them."""
    database.ready()
    rows = queries.clients()
    if as_json:
        hidden = ("secret_hash", "jwks")
        show.print_json([{key: value for key, value in asdict(row).items() if key not in hidden} for row in rows])
        return
    show.table(
        _("Partner services"),
        [_("Id"), _("Name"), _("Proves itself by"), _("Returns to"), _("Registered")],
        [
            [row.client_id, row.name, str(row.auth_method), "\n".join(row.redirect_uris), show.moment(row.made_at)]
            for row in rows
        ],
    )


@clients.command("secret", help=_("Make a new secret; the old one stops working at once."))
def secret(client: Id, *, as_json: arguments.AsJson = False) -> None:
    """Replace the secret."""
    database.ready()
    _tell(client, actions.new_secret(client, actor=arguments.actor(), now=arguments.clock()), as_json=as_json)


@clients.command("remove", help=_("Close a partner service: nobody signs on to it, and its tokens end."))
def remove(client: Id) -> None:
    """Close one."""
    database.ready()
    actions.disable_client(client, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The partner service %(client)s is closed.") % {"client": client})


@signing.command("rotate", help=_("Sign with new keys from now on; signatures of the old ones count for a day."))
def rotate() -> None:
    """Replace the keys."""
    database.ready()
    for kid in keys.rotate(actor=arguments.actor(), now=arguments.clock()):
        show.say(_("New key: %(kid)s") % {"kid": kid})


@signing.command("revoke", help=_("Let a key count no more, as when it was stolen; a new one takes its place."))
def revoke(kid: Kid) -> None:
    """Take one key out."""
    database.ready()
    keys.revoke(kid, actor=arguments.actor(), now=arguments.clock())
    show.say(_("Signatures of the key %(kid)s count no more.") % {"kid": kid})


@signing.command("list", help=_("The keys whose signatures count."))
def list_keys(*, as_json: arguments.AsJson = False) -> None:
    """Show them."""
    database.ready()
    rows = keys.listed(arguments.clock())
    if as_json:
        facts = [{"kid": row.kid, "alg": row.alg, "made_at": row.made_at, "retired_at": row.retired_at} for row in rows]
        show.print_json(facts)
        return
    show.table(
        _("Keys"),
        [_("Id"), _("Algorithm"), _("Made"), _("Retired")],
        [
            [row.kid, row.alg, show.moment(row.made_at), show.moment(row.retired_at) if row.retired_at else None]
            for row in rows
        ],
    )

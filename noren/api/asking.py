"""Who asks: a partner with an access token, in the name of a person who has agreed to it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from noren.api import clock, limits, problems
from noren.groups import queries as groups
from noren.groups.queries import OwnMember
from noren.kit.actor import Actor, ActorKind
from noren.sso import queries
from noren.sso.rules import ACR_TWO, FACTOR_LIFE, words
from noren.web import bearer

REALM = 'realm="noren"'


@dataclass(frozen=True, slots=True)
class Asker:
    """The partner, the person, how and when (seconds since 1970) that one proved who they are, calls that are left."""

    client_id: str
    account_id: str
    scheme: str
    acr: str
    proved_at: int
    left: limits.Left

    @property
    def actor(self) -> Actor:
        """By which name the ledger and the audit know the two: what a partner reserves is its own."""
        return Actor(ActorKind.PARTNER, f"{self.client_id}/{self.account_id}")


class Request(HttpRequest):
    """A request whose token was looked at."""

    auth: Asker


class Needs:
    """An access token for one of these scopes. Raises NoToken, BadToken, NoPerson, ScopeMissing, TooOften."""

    def __init__(self, *scopes: str) -> None:
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> Asker:
        """The asker, from a token that counts."""
        now, wanted = clock.now(), " ".join(self.scopes)
        scheme, text = bearer.shown(request)
        if not text:
            challenge = f'Bearer {REALM}, scope="{wanted}"'
            raise problems.NoToken(_("Send an access token in the header Authorization."), challenge=challenge)
        try:
            claims = bearer.claims(request, scheme, text, now=now)
        except bearer.TokenRefused as no:
            challenge = f'{no.challenge}, error_description="{no.description}"'
            raise _bad_token(challenge) from no
        if "gid" not in claims:
            raise problems.NoPerson(_("This token is the partner's own. Points need a token for a person."))
        left = limits.count(partner=claims["client_id"], person=claims["gid"], now=now)
        found = queries.person(UUID(claims["gid"]), jti=claims["jti"], now=now)
        shown = "DPoP" if scheme == "dpop" else "Bearer"
        if found is None:
            raise _bad_token(f'{shown} error="invalid_token", error_description="the access token has ended"')
        if not set(self.scopes) & set(words(found["scope"])):
            message = _("The access token was not given for this. Ask the person for one of: %(scopes)s.")
            challenge = f'{shown} error="insufficient_scope", scope="{wanted}"'
            raise problems.ScopeMissing(message, challenge=challenge, scopes=wanted)
        account_id = found["person"]["account_id"]
        return Asker(found["client_id"], account_id, shown, claims["acr"], claims["auth_time"], left)


def _bad_token(challenge: str) -> problems.BadToken:
    message = _("The access token is wrong, has expired or has ended. Get a new one.")
    return problems.BadToken(message, challenge=challenge)


def member(request: Request, uid: UUID) -> OwnMember:
    """The person's member of that uid. Raises NotYours for anybody else's."""
    own = groups.own_members(request.auth.account_id)
    found = next((one for one in own if one.member.uid == uid), None)
    if found is None:
        raise problems.NotYours(_("This person has no such member."))
    return found


def must_be_usable(own: OwnMember) -> None:
    """Raises Pooled, Withdrawn where the member's own points cannot be used."""
    if own.pool is not None:
        raise problems.Pooled(_("The points of this member are its group's. Who manages the group uses them."))
    if own.withdrawn_on is not None:
        raise problems.Withdrawn(_("This member has left the programme."))


def must_be_fresh(asker: Asker) -> None:
    """Raises FactorNeeded unless the person has just given a second factor (RFC 9470)."""
    seconds = int(FACTOR_LIFE.total_seconds())
    if asker.acr == ACR_TWO and clock.now().timestamp() - asker.proved_at <= seconds:
        return
    message = _("Using points needs a second step of the last %(minutes)s minutes. Send the person to sign on again.")
    raise problems.FactorNeeded(
        message,
        minutes=seconds // 60,
        challenge=f'{asker.scheme} error="insufficient_user_authentication", '
        f'error_description="a recent second factor is needed", acr_values="{ACR_TWO}", max_age="{seconds}"',
    )

"""Who is asking: the partner's credentials, and the key that its tokens are bound to."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, unquote_plus

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from noren.idp.answers import OAuthError
from noren.kit.secrets import hashed
from noren.sso import queries
from noren.sso.actions import Credentials
from noren.sso.proofs import PROOF, Asked, BadProof, Once, assertion_claims, check_assertion, check_dpop, see_once
from noren.sso.queries import ClientRow
from noren.sso.rules import ClientAuth, can_be_kept

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CHALLENGE = 'Basic realm="noren"'
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Form:
    """What came in the body, each parameter once."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


def form_of(request: HttpRequest) -> Form:
    """The body's parameters. Raises OAuthError where one comes twice (RFC 6749 3.2) or cannot be kept."""
    pairs = _pairs(request)
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthError("invalid_request", "a parameter comes more than once")
    if not can_be_kept(form):
        raise OAuthError("invalid_request", "a parameter holds a zero byte or half a letter")
    return Form(form)


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent as a form; Django's own reading of it is for all kinds of bodies, and takes longer."""
    try:
        if request.content_type != FORM:
            return [(name, str(value)) for name, values in request.POST.lists() for value in values]
        return parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (ValueError, SuspiciousOperation, MultiPartParserError) as error:
        raise OAuthError("invalid_request", "the form cannot be read, or is too long") from error


def _refused(why: str = "the client is not known or its credentials are wrong") -> OAuthError:
    return OAuthError("invalid_client", why, status=401, challenge=CHALLENGE)


def credentials_of(request: HttpRequest, form: Form, *, now: datetime) -> Credentials:
    """What the partner shows of itself; assertions are believed here, secrets by the statement that uses them.

    Raises OAuthError.
    """
    by, marks = _shown(request, form, now)
    _note(*marks)
    return by


def asker_of(request: HttpRequest, form: Form, *, now: datetime) -> tuple[Credentials, str]:
    """What the partner shows of itself, and the key of its DPoP proof; both noted at once. Raises OAuthError."""
    by, marks = _shown(request, form, now)
    key, more = _key(request, now)
    _note(*marks, *more)
    return by, key


def _note(*marks: Once) -> None:
    """What may count once counts now."""
    for mark in see_once(*marks):
        why = f"the {mark.what} was used before"
        raise OAuthError("invalid_dpop_proof", why) if mark.what == PROOF else _refused(why)


def _shown(request: HttpRequest, form: Form, now: datetime) -> tuple[Credentials, list[Once]]:
    header = request.META.get("HTTP_AUTHORIZATION", "")
    shown = [header[:6].lower() == "basic ", bool(form["client_secret"]), bool(form["client_assertion"])]
    if sum(shown) > 1:
        raise OAuthError("invalid_request", "more than one way of client authentication")
    if shown[0]:
        return _basic(header[6:], form), []
    if shown[1]:
        return Credentials(form["client_id"], ClientAuth.POST, hashed(form["client_secret"])), []
    if shown[2]:
        return _assertion(form, now)
    return Credentials(form["client_id"], ClientAuth.NONE), []


def _basic(encoded: str, form: Form) -> Credentials:
    try:
        name, _colon, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError as error:
        raise _refused("the Authorization header cannot be read") from error
    client_id = unquote_plus(name)
    if not client_id.isprintable():
        raise _refused()
    if form["client_id"] not in ("", client_id):
        raise OAuthError("invalid_request", "client_id differs from the Authorization header")
    return Credentials(client_id, ClientAuth.BASIC, hashed(unquote_plus(secret)))


def _assertion(form: Form, now: datetime) -> tuple[Credentials, list[Once]]:
    if form["client_assertion_type"] != ASSERTION:
        raise OAuthError("invalid_request", "client_assertion_type is wrong")
    try:
        client_id = str(assertion_claims(form["client_assertion"]).get("sub", ""))
        client = queries.client(client_id)
        if (
            client is None
            or client.auth_method is not ClientAuth.PRIVATE_KEY
            or form["client_id"] not in ("", client_id)
        ):
            raise _refused()
        audiences = (settings.NOREN_URL, f"{settings.NOREN_URL}/oidc/token")
        once = check_assertion(
            form["client_assertion"],
            jwks=client.jwks,
            client_id=client_id,
            audiences=audiences,
            strict=client.require_par,
            now=now,
        )
    except BadProof as error:
        raise _refused(str(error)) from error
    return Credentials(client_id, ClientAuth.PRIVATE_KEY), [once]


def proved(credentials: Credentials) -> ClientRow:
    """The partner, when what it shows is right. Raises OAuthError."""
    client = queries.client(credentials.client_id)
    if client is None or client.auth_method is not credentials.auth or client.secret_hash != credentials.secret_hash:
        raise _refused()
    return client


def _key(request: HttpRequest, now: datetime) -> tuple[str, list[Once]]:
    """The thumbprint of the key that a DPoP proof shows; empty without one. Raises OAuthError."""
    proof = request.META.get("HTTP_DPOP", "")
    if not proof:
        return "", []
    asked = Asked(request.method or "", f"{settings.NOREN_URL}{request.path}")
    try:
        key, once = check_dpop(proof, asked, now=now)
    except BadProof as error:
        raise OAuthError("invalid_dpop_proof", str(error)) from error
    return key, [once]

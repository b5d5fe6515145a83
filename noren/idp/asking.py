"""An authorisation request: read, checked, kept while its person signs in and agrees."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Refusal
from noren.sso.queries import ClientRow
from noren.sso.rules import CLAIMS, OFFLINE, GrantType, can_be_kept, scopes_of, words
from noren.web.middleware import FORM_ACTION, may_lead_to

PENDING = "sso_pending"
"""Key in the session's data: requests that wait for their person."""

MOST_PENDING = 5
LONGEST = 4_096
"""Characters of one parameter: an ID token as a hint fits in."""

PROMPTS = {"none", "login", "consent", "select_account"}
NOT_OURS = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


GONE = _("This request is no longer waiting. Go back to the service and sign on again.")


class BadRequest(Refusal):
    """A request that cannot be answered at the partner, because it is not sure whose it is."""

    code = "sso.request"


class Denied(Exception):  # noqa: N818  (an answer to the partner, by a standard code)
    """A request that is answered at the partner with an error."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.description = description


@dataclass(slots=True)
class Asking:
    """What the partner asks for.

    `asked_at`: when the person was last sent to prove themselves (seconds since 1970); `pushed`: the reference by which
    a pushed request came.
    """

    client_id: str
    redirect_uri: str
    state: str = ""
    response_mode: str = "query"
    scopes: list[str] = field(default_factory=list)
    nonce: str = ""
    challenge: str = ""
    prompts: list[str] = field(default_factory=list)
    max_age: int | None = None
    acr_values: list[str] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    hint: str = ""
    login_hint: str = ""
    jkt: str = ""
    asked_at: float = 0.0
    agreed: bool = False
    pushed: str = ""

    @property
    def acr_needed(self) -> list[str]:
        """What the ID token must say, if the request calls it essential (OpenID Core 5.5.1.1)."""
        asked = (self.claims.get("id_token") or {}).get("acr") or {}
        if not asked.get("essential"):
            return []
        values = asked.get("values")
        return [*(values if isinstance(values, list) else []), *filter(None, [asked.get("value")])]


def place_of(client: ClientRow | None, params: Mapping[str, str]) -> str:
    """Where the answer goes: an address that was registered, letter for letter. Raises BadRequest."""
    if client is None:
        raise BadRequest(_("The service that sent you here is not registered. Tell its operator."))
    if params.get("redirect_uri", "") not in client.redirect_uris:
        message = _("The service %(name)s gave a return address that is not registered. Tell its operator.")
        raise BadRequest(message, name=client.name)
    return params["redirect_uri"]


def read(client: ClientRow, params: Mapping[str, str], *, pushed: bool) -> Asking:
    """The request, or why it cannot be. Raises BadRequest, Denied."""
    asking = Asking(client.client_id, place_of(client, params), params.get("state", ""))
    if any(len(value) > LONGEST for value in params.values()):
        raise BadRequest(_("The service sent a request that is too long. Tell its operator."))
    if not can_be_kept(params):
        raise Denied("invalid_request", "a parameter holds a zero byte or half a letter")
    mode = params.get("response_mode", "query")
    if mode in ("query", "form_post"):
        asking.response_mode = mode
    _must_be_possible(client, params, mode, pushed=pushed)
    asking.nonce = params.get("nonce", "")
    asking.challenge = _challenge(client, params)
    asking.prompts = _prompts(params)
    asking.max_age = _max_age(params)
    asking.acr_values = words(params.get("acr_values", ""))
    asking.claims = _claims(params)
    wished = [*words(params.get("scope", "")), *scopes_of(name for part in asking.claims.values() for name in part)]
    asking.scopes = [word for word in dict.fromkeys(wished) if word in client.scopes]
    asking.hint = params.get("id_token_hint", "")
    asking.login_hint = params.get("login_hint", "")
    asking.jkt = params.get("dpop_jkt", "")
    if OFFLINE in asking.scopes and GrantType.REFRESH not in client.grant_types:
        asking.scopes.remove(OFFLINE)
    return asking


def failed(client: ClientRow, params: Mapping[str, str]) -> Asking:
    """As much of a wrong request as an error answer needs."""
    mode = params.get("response_mode", "query")
    kept = mode if mode == "form_post" else "query"
    return Asking(client.client_id, place_of(client, params), params.get("state", ""), kept)


def _must_be_possible(client: ClientRow, params: Mapping[str, str], mode: str, *, pushed: bool) -> None:
    for name, code in NOT_OURS.items():
        if params.get(name):
            raise Denied(code, f"{name} is not supported")
    if params.get("response_type") != "code":
        known = params.get("response_type")
        raise Denied("unsupported_response_type" if known else "invalid_request", "response_type must be code")
    if mode not in ("query", "form_post"):
        raise Denied("invalid_request", "response_mode must be query or form_post")
    if GrantType.CODE not in client.grant_types:
        raise Denied("unauthorized_client", "the client may not use the code flow")
    if client.require_par and not pushed:
        raise Denied("invalid_request", "the client must push its requests")
    if not words(params.get("scope", "")):
        raise Denied("invalid_scope", "scope is missing")


def _challenge(client: ClientRow, params: Mapping[str, str]) -> str:
    """The PKCE challenge: S256 alone (OAuth 2.1 4.1.1)."""
    challenge = params.get("code_challenge", "")
    if challenge and params.get("code_challenge_method", "plain") != "S256":
        raise Denied("invalid_request", "code_challenge_method must be S256")
    if client.require_pkce and len(challenge) != 43:
        raise Denied("invalid_request", "code_challenge is missing or no SHA-256")
    return challenge


def _prompts(params: Mapping[str, str]) -> list[str]:
    prompts = words(params.get("prompt", ""))
    if set(prompts) - PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise Denied("invalid_request", "prompt is wrong")
    return prompts


def _max_age(params: Mapping[str, str]) -> int | None:
    text = params.get("max_age", "")
    if text and not (text.isdecimal() and text.isascii() and len(text) < 10):
        raise Denied("invalid_request", "max_age must be a number of seconds")
    return int(text) if text else None


def _claims(params: Mapping[str, str]) -> dict[str, Any]:
    """The `claims` parameter: what is known of it (OpenID Core 5.5)."""
    try:
        given = json.loads(params.get("claims") or "{}")
        wishes = {
            part: {
                name: wish if isinstance(wish, dict) else {}
                for name, wish in given.get(part, {}).items()
                if name in (*CLAIMS, "acr")
            }
            for part in ("userinfo", "id_token")
        }
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise Denied("invalid_request", "claims is not JSON of the right form") from error
    if not can_be_kept(wishes):
        raise Denied("invalid_request", "claims holds a zero byte, half a letter or no number")
    return wishes


def keep(request: HttpRequest, asking: Asking, name: str = "") -> str:
    """Keep the request in the person's session; gives the name to come back with."""
    pending = dict(request.session.get(PENDING, {}))
    name = name or secrets.token_urlsafe(12)
    pending.pop(name, None)
    pending[name] = asdict(asking)
    request.session[PENDING] = dict(list(pending.items())[-MOST_PENDING:])
    parts = urlsplit(asking.redirect_uri)
    request.session[FORM_ACTION] = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
    return name


def kept(request: HttpRequest, name: str) -> Asking:
    """The request of that name. Raises BadRequest."""
    found = request.session.get(PENDING, {}).get(name)
    if found is None:
        raise BadRequest(GONE)
    return Asking(**found)


def reopened(request: HttpRequest, reference: str) -> str:
    """The name of the request that came by this reference and waits in this browser; empty for none."""
    pending = request.session.get(PENDING, {})
    return next((name for name, one in pending.items() if reference and one.get("pushed") == reference), "")


def drop(request: HttpRequest, name: str) -> None:
    """The request is answered."""
    pending = dict(request.session.get(PENDING, {}))
    if pending.pop(name, None) is not None:
        request.session[PENDING] = pending
    if not pending:
        request.session.pop(FORM_ACTION, None)


def answer(request: HttpRequest, asking: Asking, what: Mapping[str, str]) -> HttpResponse:
    """Send the browser back to the partner: in the address, or as a form that sends itself."""
    told = {**what, **({"state": asking.state} if asking.state else {}), "iss": settings.NOREN_URL}
    if asking.response_mode == "form_post":
        response = render(request, "idp/form_post.html", {"action": asking.redirect_uri, "fields": told})
        parts = urlsplit(asking.redirect_uri)
        may_lead_to(response, f"{parts.scheme}://{parts.netloc}")
        return response
    glue = "&" if urlsplit(asking.redirect_uri).query else "?"
    return HttpResponseRedirect(f"{asking.redirect_uri}{glue}{urlencode(told)}")


def denial(request: HttpRequest, asking: Asking, denied: Denied) -> HttpResponse:
    """An error, told at the partner."""
    more = {"error_description": denied.description} if denied.description else {}
    return answer(request, asking, {"error": denied.code, **more})

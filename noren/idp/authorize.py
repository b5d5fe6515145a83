"""The authorisation endpoint (OpenID Core 3.1.2): sign in, agree, go back with a code."""

import time
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import activate
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from noren.accounts import actions as accounts
from noren.accounts import limits
from noren.idp import asking as asked
from noren.idp.answers import OAuthError, as_get, as_json, clock, is_without_cookies, machine
from noren.idp.asking import Asking, Denied
from noren.idp.partners import asker_of, form_of, proved
from noren.idp.people import is_allowed, may_link, person_of
from noren.sso import actions, queries, tokens
from noren.sso.actions import Person
from noren.sso.actions.consent import subject_of
from noren.sso.actions.redeeming import PUSHED_PREFIX
from noren.sso.labels import scope_texts
from noren.sso.queries import ClientRow
from noren.sso.rules import ACR_TWO, POINTS_SPEND

LANGUAGES = ("ja", "en")


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """A partner sends a browser; or the browser comes back from signing in. Raises BadRequest."""
    params = _params(request)
    name = params.get("pending", "") if request.method == "GET" else ""
    if name:
        return _go_on(request, name, asked.kept(request, name))
    if is_without_cookies(request):
        return as_get(request)
    client = queries.client(params.get("client_id", ""))
    reference = params.get("request_uri", "")
    pushed = reference.startswith(PUSHED_PREFIX)
    if pushed and (name := asked.reopened(request, reference)):
        return _go_on(request, name, asked.kept(request, name))
    if pushed:
        params = _pushed(client, params)
    asked.place_of(client, params)
    assert client is not None  # noqa: S101  (place_of refuses an unknown one)
    try:
        asking = asked.read(client, params, pushed=pushed)
    except Denied as denied:
        return asked.denial(request, asked.failed(client, params), denied)
    asking.pushed = reference if pushed else ""
    _speak(request, params.get("ui_locales", ""))
    return _go_on(request, "", asking, client)


def _params(request: HttpRequest) -> dict[str, str]:
    """What the partner sent, the last of each name. A query is read as Django reads it, at half the price."""
    if request.method == "POST":
        return {key: str(value) for key, value in request.POST.items()}
    query = request.META.get("QUERY_STRING", "").encode("latin-1").decode(errors="replace")
    return dict(parse_qsl(query, keep_blank_values=True))


def _pushed(client: ClientRow | None, params: Mapping[str, str]) -> dict[str, str]:
    """The parameters that were pushed; nothing beside them counts (RFC 9126 4). Raises BadRequest."""
    found = client and actions.take_pushed(params["request_uri"], client_id=client.client_id, now=clock())
    if not found:
        raise asked.BadRequest(asked.GONE)
    return {key: str(value) for key, value in found.items()}


def _speak(request: HttpRequest, locales: str) -> None:
    """The language that the partner wishes, for this page."""
    wished = next((word[:2] for word in locales.split() if word[:2] in LANGUAGES), "")
    if wished and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        activate(wished)


def _go_on(request: HttpRequest, name: str, asking: Asking, client: ClientRow | None = None) -> HttpResponse:
    """One step further: to sign-in, to a fresh proof, to the consent page, or back with a code."""
    client = client or queries.client(asking.client_id)
    if client is None:
        raise asked.BadRequest(asked.GONE)
    person = person_of(request, asking.scopes)
    try:
        if person is None or _must_prove(client, person, asking):
            return _to_sign_in(request, name, asking, person)
        if not is_allowed(request):
            return _to_rules(request, name, asking)
        _must_be_linkable(person, client.client_id)
        asks = "consent" in asking.prompts and not asking.agreed
        code = None if asks else _code(client, person, asking)
        if code is None:
            return _to_consent(request, name, asking, client)
    except Denied as denied:
        asked.drop(request, name)
        return asked.denial(request, asking, denied)
    _note(request, client, person)
    asked.drop(request, name)
    return asked.answer(request, asking, {"code": code})


def _must_prove(client: ClientRow, person: Person, asking: Asking) -> bool:
    """Whether the person must prove anew who they are. Raises Denied where that would not help.

    What counts for a scope that spends points is the second factor. Who was just asked and could not give one goes on:
    what the token says of it is too old to spend.
    """
    fresh = bool(asking.asked_at) and person.auth_time >= int(asking.asked_at)
    old = asking.max_age is not None and time.time() - person.proved_at(asking.scopes) > asking.max_age
    if asking.hint and not _is_hinted(client, person, asking.hint):
        raise Denied("login_required", "another person is signed in")
    wished = bool({"login", "select_account"} & set(asking.prompts)) and not fresh
    low = _is_low(person, asking)
    if low and fresh and ACR_TWO in asking.acr_needed:
        raise Denied("unmet_authentication_requirements", "the person has no second factor")
    return wished or (old and not fresh) or (low and not fresh)


def _is_low(person: Person, asking: Asking) -> bool:
    """Whether a second factor is wanted that this sign-in has not had."""
    return ACR_TWO in (*asking.acr_values[:1], *asking.acr_needed) and person.acr != ACR_TWO


def _is_hinted(client: ClientRow, person: Person, hint: str) -> bool:
    claims = tokens.read(hint, typ="JWT", issuer=settings.NOREN_URL)
    return claims is not None and claims.get("sub") == subject_of(client, person.account_id)


def _to_sign_in(request: HttpRequest, name: str, asking: Asking, person: Person | None) -> HttpResponse:
    if "none" in asking.prompts:
        raise Denied("login_required", "nobody is signed in, or not freshly enough")
    asking.asked_at = time.time()
    if person is None and not name:
        _must_not_flood(request)
    name = asked.keep(request, asking, name)
    back = f"{reverse('oidc_authorize')}?{urlencode({'pending': name})}"
    by_factor = person is not None and (_is_low(person, asking) or POINTS_SPEND in asking.scopes)
    again = "account_step_up" if by_factor else "account_reauthenticate"
    page = reverse("account_login" if person is None else again)
    hint = {"login": asking.login_hint} if asking.login_hint and person is None else {}
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back, **hint})}")


def _must_be_linkable(person: Person, client_id: str) -> None:
    """Raises Denied where the person's organisation does not let accounts be linked to the partner."""
    if not may_link(person, client_id):
        raise Denied("access_denied", "the person's organisation does not allow this service")


def _to_rules(request: HttpRequest, name: str, asking: Asking) -> HttpResponse:
    """To the page that says why this sign-in does not do, and what would; and back from there."""
    if "none" in asking.prompts:
        raise Denied("login_required", "this sign-in is not one that the person's organisation allows")
    back = f"{reverse('oidc_authorize')}?{urlencode({'pending': asked.keep(request, asking, name)})}"
    return HttpResponseRedirect(f"{reverse('account_rules')}?{urlencode({'next': back})}")


def _must_not_flood(request: HttpRequest) -> None:
    """A request that waits for a stranger is kept for hours. Raises TooOften."""
    times = 2 * settings.NOREN_SIGN_INS_PER_MINUTE
    limits.count([limits.Limit("sign_on", _address(request), times, 60)], now=clock())


def _address(request: HttpRequest) -> str:
    return get_client_ip(request) or "unknown"


def _to_consent(request: HttpRequest, name: str, asking: Asking, client: ClientRow) -> HttpResponse:
    if "none" in asking.prompts:
        raise Denied("consent_required", "the person has not agreed yet")
    name = asked.keep(request, asking, name)
    context = {"client": client, "pending": name, "told": scope_texts(asking.scopes)}
    return render(request, "idp/consent.html", context)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """The person's yes or no. Raises BadRequest."""
    name = request.POST.get("pending", "")
    asking = asked.kept(request, name)
    person = person_of(request)
    if request.POST.get("decision") != "yes" or person is None:
        asked.drop(request, name)
        return asked.denial(request, asking, Denied("access_denied", "the person said no"))
    actor = accounts.herself(person.account_id)
    actions.consent(person.account_id, asking.client_id, asking.scopes, actor=actor, now=clock())
    asking.agreed = True
    return _go_on(request, name, asking)


def _code(client: ClientRow, person: Person, asking: Asking) -> str | None:
    """The code; None: the person has yet to agree."""
    return actions.authorize(
        client,
        person,
        asking.scopes,
        redirect_uri=asking.redirect_uri,
        challenge=asking.challenge,
        nonce=asking.nonce,
        jkt=asking.jkt,
        claims=asking.claims,
        now=clock(),
    )


def _note(request: HttpRequest, client: ClientRow, person: Person) -> None:
    """The use of the partner, in the account's history."""
    accounts.signed_in(
        person.account_id,
        methods=person.amr,
        address=_address(request),
        agent=request.META.get("HTTP_USER_AGENT", ""),
        now=clock(),
        service=client.name,
    )


@machine("POST")
def push(request: HttpRequest) -> HttpResponse:
    """Take an authorisation request from the partner itself (RFC 9126)."""
    now = clock()
    form = form_of(request)
    by, jkt = asker_of(request, form, now=now)
    client = proved(by)
    if form["request_uri"]:
        raise OAuthError("invalid_request", "request_uri cannot be pushed")
    params = {
        key: value
        for key, value in form.values.items()
        if key not in ("client_secret", "client_assertion", "client_assertion_type")
    }
    if jkt and params.setdefault("dpop_jkt", jkt) != jkt:
        raise OAuthError("invalid_dpop_proof", "dpop_jkt is not the proof's key")
    try:
        asked.read(client, params, pushed=True)
    except Denied as denied:
        raise OAuthError(denied.code, denied.description) from denied
    except asked.BadRequest as error:
        raise OAuthError("invalid_request", "redirect_uri is not registered") from error
    uri = actions.push(client.client_id, params, now=now)
    return as_json({"request_uri": uri, "expires_in": 90}, status=201)

"""Signing out because a partner asks for it (OpenID RP-Initiated Logout 1.0)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from noren.accounts.sessions import SID
from noren.idp.answers import as_get, is_without_cookies
from noren.idp.asking import BadRequest
from noren.sso import queries, tokens
from noren.sso.tokens import told_sid
from noren.web.middleware import FORM_ACTION

WAITING = "sso_logout"
"""Key in the session's data: where the browser goes when the person has said yes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the partner asks: whose sign-in, and where the browser goes after it (empty: nowhere)."""

    client_id: str
    sid: str
    after: str


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """At once where the partner shows the ID token of this very sign-in; otherwise the person is asked.

    Raises BadRequest for an address that is not registered, or a token that is not ours.
    """
    if is_without_cookies(request):
        return as_get(request)
    params = {key: str(value) for key, value in (request.POST if request.method == "POST" else request.GET).items()}
    wish = _wish(params)
    if not request.user.is_authenticated:
        return _leave(request, wish.after)
    sid = request.session.get(SID)
    if wish.sid and sid and wish.sid == told_sid(str(sid), wish.client_id):
        get_adapter().logout(request)
        return _leave(request, wish.after)
    request.session[WAITING] = wish.after
    _allow(request, wish.after)
    return render(request, "idp/logout.html")


@login_not_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The person says yes, or stays."""
    after = request.session.pop(WAITING, "")
    if request.POST.get("decision") != "yes":
        return HttpResponseRedirect("/")
    get_adapter().logout(request)
    return _leave(request, after)


def _leave(request: HttpRequest, after: str) -> HttpResponse:
    return HttpResponseRedirect(after) if after else render(request, "idp/logged_out.html")


def _allow(request: HttpRequest, after: str) -> None:
    """Let the form lead to the partner."""
    parts = urlsplit(after)
    if after:
        request.session[FORM_ACTION] = f"{parts.scheme}://{parts.netloc}"


def _wish(params: dict[str, str]) -> Wish:
    claims = _hinted(params.get("id_token_hint", ""))
    client_id = params.get("client_id") or str(claims.get("aud", ""))
    if claims and client_id != claims.get("aud"):
        raise BadRequest(_("The service asked for the sign-out of another one. Tell its operator."))
    after = params.get("post_logout_redirect_uri", "")
    if after:
        client = queries.client(client_id)
        if client is None or after not in client.post_logout_redirect_uris:
            raise BadRequest(_("The service gave a return address for signing out that is not registered."))
        if params.get("state"):
            glue = "&" if urlsplit(after).query else "?"
            after = f"{after}{glue}{urlencode({'state': params['state']})}"
    return Wish(client_id, str(claims.get("sid", "")), after)


def _hinted(text: str) -> dict[str, Any]:
    """The claims of the hint; it may have expired (RP-Initiated Logout 2)."""
    if not text:
        return {}
    claims = tokens.read(text, typ="JWT", issuer=settings.NOREN_URL)
    if claims is None:
        raise BadRequest(_("The service sent a token that this site has not made. Tell its operator."))
    return claims

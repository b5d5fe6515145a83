"""Accepting an invitation by mail or by letter: once, by whom it is for."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noren.accounts import actions as accounts
from noren.accounts.queries import AccountRow
from noren.accounts.rules import TicketPurpose
from noren.join_site import forms, signing_in
from noren.lifecycle import actions as lifecycle
from noren.lifecycle import joining

GONE = 410


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: choose a password, or go on to a passkey."""
    return _answer(request, token, TicketPurpose.INVITATION)


@login_not_required
@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """The QR code in a letter: straight on to a passkey, because there is no mail for a second step."""
    return _answer(request, token, TicketPurpose.LETTER)


def _answer(request: HttpRequest, token: str, purpose: TicketPurpose) -> HttpResponse:
    try:
        account = lifecycle.peek(token, purpose, timezone.now())
        return _accept(request, token, purpose, account)
    except accounts.TicketUnusable:
        return render(request, "join_site/unusable.html", status=GONE)


def _accept(request: HttpRequest, token: str, purpose: TicketPurpose, account: AccountRow) -> HttpResponse:
    """Opening the link only shows whose it is: mail scanners open links."""
    form = None
    if purpose is TicketPurpose.INVITATION:
        chosen = request.POST.get("by") == "password"
        form = forms.Password(request.POST if chosen else None, account=account)
        if form.is_valid():
            account_id = joining.accept_with_password(token, form.cleaned_data["password"], now=timezone.now())
            return signing_in.sign_in(request, account_id, methods=("link", "password"), to="join_welcome")
    if request.POST.get("by") == "passkey":
        account_id = lifecycle.accept(token, purpose=purpose, now=timezone.now())
        response = signing_in.sign_in(request, account_id, methods=("link",), to="mfa_add_webauthn")
        signing_in.must_enrol(request)
        return response
    return render(request, "join_site/invitation.html", {"account": account, "form": form})

"""Security policies at the door and in running sessions: what ends a sign-in, and what must be made good in it.

A sign-in in a way that is not allowed is no way in: it opens nothing but the page that says so, the proof of an allowed
way, and, for those who have none yet, setting one up. The rules are in docs/rules/policy.md.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from noren.account_site import sign_in_code, sign_in_limits
from noren.accounts import actions as accounts
from noren.accounts import policy_labels as labels
from noren.accounts import queries
from noren.accounts.policy import (
    ASKED_BY,
    ENDING,
    Attempt,
    Effective,
    Method,
    Reason,
    Why,
    is_ready,
    may_trust_browsers,
    why_not,
)
from noren.accounts.rules import SignInResult
from noren.accounts.sessions import ours, used
from noren.groups import queries as groups
from noren.kit.secrets import hashed
from noren.lifecycle import actions as lifecycle

FREE = {"account_logout", "set_language", "health", "self_lock", "oidc_logout", "oidc_logout_confirm"}
"""What nobody is kept from."""

PROVING = {
    "account_rules",
    "account_step_up",
    "account_confirm",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
"""Where an allowed way is shown in a sign-in that was begun in another."""

ENROLLING = {"mfa_add_webauthn": Method.PASSKEY, "mfa_activate_totp": Method.APP}
"""Where a way is set up, and which."""

SIGN_ON = "oidc_authorize"
"""The provider tells a partner itself that the person is not signed in as they should be."""

OWN = {"webauthn": Method.PASSKEY, "totp": Method.APP, "recovery_codes": Method.RECOVERY}


def reasons(request: HttpRequest) -> tuple[Reason, ...]:
    """What speaks against this request of somebody who is signed in."""
    session = ours(request)
    if session.policy is None:
        return ()
    attempt = session.attempt(address=sign_in_limits.address(request), at=timezone.now())
    return why_not(session.policy.effective, attempt)


def answer(request: HttpRequest, name: str, against: tuple[Reason, ...]) -> HttpResponse | None:
    """What a request is answered against which something speaks; None: that page is open all the same."""
    if name in FREE:
        return None
    ending = next((reason for reason in against if reason.why in ENDING), None)
    if ending is not None:
        return _end(request, name, ending)
    if name in PROVING or name == SIGN_ON or (name in ENROLLING and may_enrol(request, ENROLLING[name])):
        return None
    onward = {"next": request.get_full_path()} if request.method == "GET" else {}
    return redirect(f"{reverse('account_rules')}?{urlencode(onward)}")


def _end(request: HttpRequest, name: str, reason: Reason) -> HttpResponse | None:
    """Sign out, here and at partner services. A partner that sent the browser hears that nobody is signed in."""
    account_id, effective = str(request.user.pk), asked(request)
    get_adapter(request).logout(request)
    return None if name == SIGN_ON else _refusal(request, account_id, effective, reason)


def asked(request: HttpRequest) -> Effective:
    """What applies to whoever is signed in."""
    standing = ours(request).policy
    return standing.effective if standing else Effective()


def _refusal(request: HttpRequest, account_id: str, effective: Effective, reason: Reason) -> HttpResponse:
    """The page that says why not, whose rule it is and what to do."""
    found = groups.effective(account_id, timezone.now())
    context = {
        "code": reason.why,
        "sentence": labels.refused(reason.why),
        "asked": labels.asked(ASKED_BY[reason.why], effective.settings),
        "whose": found.whose(reason.sources) if found else (),
        "address": sign_in_limits.address(request) if reason.why is Why.NETWORK else "",
    }
    return render(request, "sign_in/refused.html", context, status=403)


def at_the_door(request: HttpRequest, account: Any) -> HttpResponse | None:
    """Refuse a sign-in from a network that is not among the account's, once its first step was right."""
    now = timezone.now()
    standing = queries.standing(account.pk, now) if account.policy_id else None
    if standing is None:
        return None
    where = sign_in_limits.where(request)
    coming = Attempt(frozenset(), where["address"], None, now)
    against = [reason for reason in why_not(standing.effective, coming) if reason.why is Why.NETWORK]
    if not against:
        return None
    accounts.sign_in_failed(account.pk, result=SignInResult.REFUSED, now=now, **where)
    return _refusal(request, account.pk, standing.effective, against[0])


def end_surplus(request: HttpRequest, account: Any) -> None:
    """Signed in just now: when there are more than the policy allows, the oldest are signed out."""
    now = timezone.now()
    standing = queries.standing(account.pk, now) if account.policy_id else None
    most = standing.effective.settings.devices if standing else None
    if most is not None:
        this = hashed(request.session.session_key or "")
        lifecycle.end_surplus_sessions(account.pk, this, most=most, actor=accounts.herself(account.pk), now=now)


def lets_trust(account: Any) -> bool:
    """Whether a trusted browser may skip the account's second step."""
    standing = queries.standing(account.pk, timezone.now()) if account.policy_id else None
    return standing is None or may_trust_browsers(standing.effective.settings)


def has(account: Any) -> frozenset[Method]:
    """With what the person could sign in. Codes are sent to who has neither passkey nor app."""
    kinds = Authenticator.objects.filter(user_id=account.pk).values_list("type", flat=True)
    own = frozenset(OWN[kind] for kind in kinds)
    way = sign_in_code.way(account)
    if way is None or own & {Method.PASSKEY, Method.APP}:
        return own
    return own | {Method(way.channel)}


def may_enrol(request: HttpRequest, method: Method) -> bool:
    """Whether a way may be set up in a sign-in that is not allowed: the first allowed one, behind a second step.

    Who has an allowed way shows that one. Who can give a second step of any kind has given it in this sign-in; who has
    none at all comes with the password alone, as everybody does who sets up their first.
    """
    settings = asked(request).settings
    owned = has(request.user)
    if is_ready(settings, owned) or method not in (settings.methods or Method):
        return False
    return not owned or bool(used(request.session) & set(Method))

"""The rules that apply to a person: what is asked, by whom, from when on, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from noren.account_site import pages_kit, sign_in_policy
from noren.accounts import policy_labels as labels
from noren.accounts.policy import Effective, Method, is_ready
from noren.accounts.sessions import ours
from noren.groups import queries as groups
from noren.groups.queries import EffectiveRow


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of what is asked, and whose it is."""

    asked: str
    whose: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What applies from a moment on (None: now)."""

    from_at: datetime | None
    rules: tuple[Rule, ...]


def of(account_id: str, now: datetime) -> tuple[Rules, ...]:
    """What applies to the account now, and what will; nothing: neither."""
    found = groups.effective(account_id, now)
    if found is None:
        return ()
    later = tuple(Rules(from_at, _lines(found, effective)) for from_at, effective in found.standing.coming)
    return tuple(one for one in (Rules(None, _lines(found, found.standing.effective)), *later) if one.rules)


def _lines(found: EffectiveRow, effective: Effective) -> tuple[Rule, ...]:
    return tuple(Rule(asked, found.whose(sources)) for asked, sources in labels.rows(effective))


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The rules; and when this sign-in does not fulfil them, the ways to make that good."""
    onward = get_next_redirect_url(request) or ""
    against = sign_in_policy.reasons(request)
    if not against and onward:
        return redirect(onward)
    return pages_kit.page(
        request,
        "rules",
        found=of(pages_kit.mine(request), timezone.now()),
        against=[(reason.why, labels.refused(reason.why)) for reason in against],
        ways=_ways(request, onward) if against else (),
        coming=_missing(request),
    )


def _ways(request: HttpRequest, onward: str) -> list[tuple[str, str]]:
    """What would make this sign-in one that is allowed: words and address."""
    settings = sign_in_policy.asked(request).settings
    here = f"{reverse('account_rules')}?{urlencode({'next': onward})}"
    account = pages_kit.person(request)
    allowed = sign_in_policy.has(account) & (settings.methods or set(Method))
    ways = [(text, page) for method, text, page in _proofs() if method in allowed]
    if not ways:
        ways = [(text, page) for method, text, page in _set_ups() if sign_in_policy.may_enrol(request, method)]
    if not ways and sign_in_policy.has(account):
        ways = [(_("Give a second step first, then set up what is allowed"), "account_step_up")]
    return [(text, f"{reverse(page)}?{urlencode({'next': here})}") for text, page in ways]


def _proofs() -> tuple[tuple[Method, str, str], ...]:
    return (
        (Method.PASSKEY, _("Use a passkey"), "mfa_reauthenticate_webauthn"),
        (Method.APP, _("Use the authenticator app"), "mfa_reauthenticate"),
        (Method.RECOVERY, _("Use a recovery code"), "mfa_reauthenticate"),
        (Method.MAIL, _("Use a code by mail"), "account_confirm"),
        (Method.SMS, _("Use a code by short message"), "account_confirm"),
    )


def _set_ups() -> tuple[tuple[Method, str, str], ...]:
    return (
        (Method.PASSKEY, _("Set up a passkey"), "mfa_add_webauthn"),
        (Method.APP, _("Set up an authenticator app"), "mfa_activate_totp"),
    )


def _missing(request: HttpRequest) -> list[tuple[str, str]]:
    """What the person should set up before a period of grace ends."""
    standing = ours(request).policy
    if standing is None or not standing.coming:
        return []
    owned = sign_in_policy.has(pages_kit.person(request))
    wanted = [one.settings for _at, one in standing.coming if not is_ready(one.settings, owned)]
    if not wanted:
        return []
    allowed = wanted[0].methods or set(Method)
    return [(text, reverse(page)) for method, text, page in _set_ups() if method in allowed]

"""The countdown on every page to rules that this sign-in would not fulfil."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from noren.accounts import policy_labels as labels
from noren.accounts.policy import ASKED_BY


@dataclass(frozen=True, slots=True)
class Coming:
    """From when on, how long until then, and what is asked."""

    from_at: datetime
    left: str
    asked: tuple[str, ...]


def rules(request: HttpRequest) -> Coming | None:
    """What will be asked of whoever is signed in and is not fulfilled by this sign-in; None: it will do."""
    session = getattr(request, "session", None)
    if session is None or session.policy is None or not request.user.is_authenticated:
        return None
    now = timezone.now()
    found = session.policy.unmet_later(session.attempt(address=get_client_ip(request) or "", at=now))
    if found is None:
        return None
    from_at, against = found
    steps = dict(session.policy.coming)
    asked = tuple(labels.asked(ASKED_BY[reason.why], steps[from_at].settings) for reason in against)
    return Coming(from_at, _left(from_at - now), asked)


def _left(left: timedelta) -> str:
    days, hours = left.days, left.seconds // 3600
    if days:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    if hours:
        return ngettext("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
    return _("in less than an hour")

"""The overview: accounts by state, how they are protected, points, what happened."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from noren.accounts import labels
from noren.accounts.rules import SignInResult, State
from noren.admin_site import kit
from noren.admin_site.access import Manager, requires
from noren.admin_site.drawing import Bar, bars
from noren.groups import queries as groups
from noren.groups.queries import GroupRow, directory
from noren.groups.queries.directory import Coverage, Span
from noren.groups.rules import Permission
from noren.points import queries as points
from noren.web import agents

UNUSED_DAYS = 90
LAPSE_DAYS = 60
FAILURES = 8


@require_GET
@requires(Permission.GROUPS_VIEW)
def home(request: HttpRequest, manager: Manager) -> HttpResponse:
    """What the manager may see of it, each figure with the way to what it counts."""
    now = timezone.now()
    seen = manager.scope(Permission.ACCOUNTS_VIEW)
    counted = directory.coverage(seen, unused_since=now - timedelta(days=UNUSED_DAYS)) if seen else None
    return kit.page(
        request,
        manager,
        "home",
        counted=counted,
        states=_states(counted) if counted else (),
        factors=_factors(counted) if counted else (),
        unused=f"{reverse('manage_accounts')}?{urlencode({'unused': UNUSED_DAYS})}",
        unused_days=UNUSED_DAYS,
        pools=_pools(manager, groups.groups(manager.scope(Permission.GROUPS_VIEW))),
        lapse_days=LAPSE_DAYS,
        failures=_failures(manager),
    )


def _states(counted: Coverage) -> tuple[Bar, ...]:
    figures = {State.ACTIVE: counted.active, State.INVITED: counted.invited, State.LOCKED: counted.locked}
    return bars(
        [(str(labels.STATES[state]), value, _list(state=state)) for state, value in figures.items()],
        whole=counted.total,
    )


def _factors(counted: Coverage) -> tuple[Bar, ...]:
    return bars(
        [
            (_("With a passkey"), counted.passkey, _list(factor="passkey")),
            (_("With an authenticator app alone"), counted.app, _list(factor="own")),
            (_("With neither: codes by mail or short message"), counted.none, _list(factor="no_own")),
        ],
        whole=counted.total,
    )


def _list(**asked: str) -> str:
    return f"{reverse('manage_accounts')}?{urlencode(asked)}"


def _pools(manager: Manager, found: tuple[GroupRow, ...]) -> list[dict[str, object]]:
    """Points of each group whose points the manager may see, and how many of them lapse soon."""
    scope = manager.scope(Permission.POINTS_VIEW)
    shown = [row for row in found if scope.covers(corporation_id=row.corporation_id, group_id=str(row.group_id))]
    held = {one.wallet_id: one for one in points.holdings([row.group_id for row in shown])}
    until = localtime().date() + timedelta(days=LAPSE_DAYS)
    return [
        {
            "group": row,
            "points": held[row.group_id].points if row.group_id in held else 0,
            "lapsing": sum(lot.remaining for lot in held[row.group_id].lots if lot.lapses_on <= until)
            if row.group_id in held
            else 0,
        }
        for row in shown
    ]


def _failures(manager: Manager) -> list[dict[str, object]]:
    """The last failed sign-ins of a week."""
    scope, now = manager.scope(Permission.USAGE_VIEW), timezone.now()
    found: list[directory.Use] = []
    for result in (SignInResult.WRONG_PASSWORD, SignInResult.WRONG_CODE, SignInResult.LOCKED):
        span = Span(since=now - timedelta(days=7), until=now, result=result, size=FAILURES)
        found.extend(directory.uses(scope, span) if scope else ())
    latest = sorted(found, key=lambda use: use.at, reverse=True)[:FAILURES]
    return [
        {"use": use, "result": labels.result(use.result, use.service), "browser": agents.short(use.agent)}
        for use in latest
    ]

"""The points of groups: what there is and until when, who earned it, and who may use how much of it in a month."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from noren.accounts import queries as accounts
from noren.admin_site import kit
from noren.admin_site.access import Manager, requires
from noren.admin_site.drawing import bars
from noren.groups import queries as groups
from noren.groups.queries import GroupRow, directory, insiders
from noren.groups.queries.directory import Search
from noren.groups.rules import Permission
from noren.kit.errors import Refusal
from noren.members import queries as members
from noren.points import actions as points_actions
from noren.points import queries as points
from noren.points.queries import OriginRow, Source

SOURCES = 50
UNIT, ACCOUNT = "unit:", "account:"
"""What the key of a spender begins with."""


class Limit(forms.Form):
    """How much of the pool a department, a site or a person may use in a month."""

    unit = forms.ChoiceField(label=gettext_lazy("Department or site"), required=False)
    login_id = forms.CharField(label=gettext_lazy("Or ID of a person in the group"), max_length=257, required=False)
    monthly = forms.IntegerField(
        label=gettext_lazy("Points in a month"),
        help_text=gettext_lazy("Empty: no limit"),
        min_value=0,
        max_value=10**12,
        required=False,
    )

    def __init__(self, *args: Any, group: GroupRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        unit: Any = self.fields["unit"]
        unit.choices = [("", ""), *((str(one.unit_id), one.name) for one in groups.units(group.group_id))]

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("unit")) == bool(given.get("login_id")):
            self.add_error("unit", _("Choose a department or site, or enter the ID of a person."))
        elif given.get("login_id"):
            found = accounts.by_login(given["login_id"])
            inside = found is not None and groups.place_of(found.account_id).group_id == str(self.group.group_id)
            if found is None or not inside:
                self.add_error("login_id", _("The group has no account with this ID."))
            else:
                given["account_id"] = found.account_id
        return given

    @property
    def spender(self) -> str:
        """Whose limit it is, as the ledger knows it."""
        given = self.cleaned_data
        return f"{UNIT}{given['unit']}" if given["unit"] else f"{ACCOUNT}{given['account_id']}"


@require_GET
@requires(Permission.POINTS_VIEW)
def pools(request: HttpRequest, manager: Manager) -> HttpResponse:
    """The groups whose points the manager may see."""
    found = _visible(manager)
    held = {one.wallet_id: one.points for one in points.holdings([row.group_id for row in found])}
    drawn = bars([(row.name, max(0, held.get(row.group_id, 0)), "") for row in found])
    rows = [(row, held.get(row.group_id, 0), bar) for row, bar in zip(found, drawn, strict=True)]
    return kit.page(request, manager, "pools", rows=rows, parts=_parts(manager, {row.group_id for row in found}))


@require_GET
@requires(Permission.POINTS_VIEW)
def pool(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Lots by their last day, limits and what was used of them, and who earned the points."""
    group = manager.group(group_id, Permission.POINTS_VIEW)
    held = points.holdings([group_id])
    sources = points.pool_origins(group_id, after=_after(request), limit=SOURCES)
    return kit.page(
        request,
        manager,
        "pool",
        group=group,
        points=sum(one.points for one in held),
        lots=[lot for one in held for lot in one.lots],
        limits=limits(manager, group_id),
        may_spend=insiders.within(manager.held, Permission.POINTS_SPEND, group_id, group.corporation_id) is not None,
        sources=_named(sources),
        following=_place(sources[-1]) if len(sources) == SOURCES else "",
        may_limit=manager.scope(Permission.LIMITS_MANAGE).covers(
            corporation_id=group.corporation_id, group_id=str(group_id)
        ),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.LIMITS_MANAGE, fresh=True)
def limit(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Set a limit, another one, or none."""
    group = manager.group(group_id, Permission.LIMITS_MANAGE)
    form = Limit(request.POST or None, group=group)
    if form.is_valid():
        try:
            with transaction.atomic():
                points_actions.set_budget(
                    wallet_id=group_id,
                    spender=form.spender,
                    monthly=form.cleaned_data["monthly"],
                    actor=manager.actor,
                    now=timezone.now(),
                )
        except Refusal as refusal:
            kit.told(form, refusal, "monthly")
        else:
            messages.success(request, _("The change was saved."))
            return redirect("manage_pool", group_id)
    return kit.page(request, manager, "group_form", form=form, group=group, title=_("Set a limit"))


def _visible(manager: Manager) -> list[GroupRow]:
    scope = manager.scope(Permission.POINTS_VIEW)
    return [
        row
        for row in groups.groups(scope)
        if scope.covers(corporation_id=row.corporation_id, group_id=str(row.group_id))
    ]


def _parts(manager: Manager, whole: set[UUID]) -> list[GroupRow]:
    """Groups of which they see nothing but some units, for whose bills they may use points."""
    found = groups.groups(manager.scope(Permission.POINTS_SPEND))
    return [row for row in found if row.group_id not in whole]


def limits(manager: Manager, group_id: UUID) -> list[dict[str, Any]]:
    """Spenders by name, with their limit and what they used this month."""
    found = points.budgets(group_id, localtime().date())
    units = {f"{UNIT}{one.unit_id}": one.name for one in groups.units(group_id)}
    people = names(manager, {row.spender.removeprefix(ACCOUNT) for row in found if row.spender.startswith(ACCOUNT)})
    called = units | {f"{ACCOUNT}{account_id}": name for account_id, name in people.items()}
    most = max((row.used for row in found), default=0)
    return [
        {
            "name": called.get(row.spender, _("Somebody who is not in your scope")),
            "row": row,
            "bar": bars([("", row.used, "")], whole=row.monthly or most)[0],
        }
        for row in found
    ]


def names(manager: Manager, account_ids: Iterable[str]) -> dict[str, str]:
    """The names of those of the accounts that the manager sees."""
    ids = tuple(account_ids)
    found = directory.people(manager.scope(Permission.ACCOUNTS_VIEW), Search(ids=ids, size=len(ids))) if ids else None
    own = {manager.account_id: accounts.account(manager.account_id).name} if manager.account_id in ids else {}
    return own | {one.account_id: one.name for one in (found.rows if found else ())}


def _named(sources: list[OriginRow]) -> list[tuple[str, OriginRow, int]]:
    """Each source by what people call the line or account that earned the points."""
    called = members.called({row.earned_by for row in sources})
    return [(called.get(row.earned_by, _("Another group")), row, row.brought + row.posted) for row in sources]


def _place(row: OriginRow) -> str:
    return f"{row.origin_wallet_id}_{row.earned_by}_{row.usage_month or ''}"


def _after(request: HttpRequest) -> Source | None:
    """The place behind which the page begins; one that cannot be read is the top."""
    try:
        origin, earned, month = request.GET.get("behind", "").split("_")
        return Source(UUID(origin), UUID(earned), forms.DateField(required=False).clean(month))
    except (ValueError, forms.ValidationError):
        return None

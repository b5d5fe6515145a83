"""What administrators did, to whom: search and a file, within what the manager may see."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from noren.accounts import queries as accounts
from noren.admin_site import kit
from noren.admin_site.access import Manager, requires
from noren.admin_site.searching import ANY
from noren.audit import labels, queries, rules
from noren.audit.queries import RecordRow, Wanted
from noren.groups import queries as groups
from noren.groups.labels import ROLES
from noren.groups.queries import directory
from noren.groups.queries.directory import Search
from noren.groups.rules import Permission, Role
from noren.kit import sheet

PAGE = 50
KINDS = (
    ("account", gettext_lazy("Accounts")),
    ("group", gettext_lazy("Management groups")),
    ("policy", gettext_lazy("Security rules")),
    ("service", gettext_lazy("Linked services")),
    ("membership", gettext_lazy("Membership")),
    ("job", gettext_lazy("Bulk jobs")),
)
"""What acts are about, by the beginning of their names."""


class Filter(forms.Form):
    """Which acts are shown."""

    login_id = forms.CharField(label=gettext_lazy("ID of the account concerned"), required=False, max_length=257)
    act = forms.ChoiceField(label=gettext_lazy("What it was about"), choices=[ANY, *KINDS], required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def wanted(self, manager: Manager) -> Wanted:
        """Of those that the manager may see."""
        given: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        scope = manager.scope(Permission.AUDIT_VIEW)
        corporations = sorted(scope.corporations)
        subjects = None if corporations else groups.subjects(scope)
        if given.get("login_id"):
            named = accounts.by_login(given["login_id"])
            wished = {named.account_id} if named else set()
            subjects = sorted(wished if subjects is None else wished & set(subjects))
        today = localtime(timezone.now()).date()
        return Wanted(
            scopes=corporations or None,
            subjects=subjects,
            act=given.get("act", ""),
            since=_start(given["since"]) if given.get("since") and given["since"].year > 1 else None,
            until=_start(min(given["until"], today) + timedelta(days=1)) if given.get("until") else None,
        )


def _start(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


@require_GET
@requires(Permission.AUDIT_VIEW)
def audit(request: HttpRequest, manager: Manager) -> HttpResponse:
    """The newest first."""
    form = Filter(request.GET)
    found = queries.search(form.wanted(manager), behind=request.GET.get("behind", ""), size=PAGE)
    names = _names(manager, found.rows)
    return kit.page(
        request,
        manager,
        "audit",
        form=form,
        rows=[_shown(row, names) for row in found.rows],
        older=found.following,
        newest="behind" in request.GET,
        asked=kit.asked(request),
    )


@require_GET
@requires(Permission.AUDIT_VIEW)
def audit_csv(request: HttpRequest, manager: Manager) -> HttpResponseBase:
    """All of it as a file."""
    lines = _lines(manager, Filter(request.GET).wanted(manager))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{localtime():%Y-%m-%d}.csv"'
    return answer


def _lines(manager: Manager, wanted: Wanted) -> Iterator[str]:
    heads = (_("Time"), _("Who"), _("What happened"), _("Act"), _("To whom"), _("Reason"), _("Changes"))
    yield sheet.MARK + sheet.line(heads)
    pending: list[RecordRow] = []
    for row in queries.every(wanted):
        pending.append(row)
        if len(pending) == PAGE:
            yield _some_lines(manager, pending)
            pending = []
    yield _some_lines(manager, pending)


def _some_lines(manager: Manager, rows: list[RecordRow]) -> str:
    names = _names(manager, rows)
    return "".join(
        sheet.line(
            [
                f"{localtime(row.booked_at):%Y-%m-%d %H:%M:%S}",
                *(shown["who"], shown["what"], row.act, shown["whom"], row.reason),
                "; ".join(map(_told, shown["changes"])),
            ]
        )
        for row in rows
        for shown in [_shown(row, names)]
    )


def _names(manager: Manager, rows: list[RecordRow] | tuple[RecordRow, ...]) -> dict[str, str]:
    """Names of those whom the manager may see, by account id: who acted, and to whom."""
    ids = {row.subject for row in rows} | {row.actor.partition(":")[2] for row in rows}
    found = directory.people(manager.scope(Permission.ACCOUNTS_VIEW), Search(ids=tuple(ids), size=len(ids)))
    return {one.account_id: one.name for one in found.rows}


def _shown(row: RecordRow, names: dict[str, str]) -> dict[str, Any]:
    who = row.actor.partition(":")[2]
    return {
        "row": row,
        "who": names.get(who) or str(labels.WHO[rules.who(row.actor, "")]),
        "what": labels.LABELS.get(row.act, row.act),
        "whom": names.get(row.subject, ""),
        "account_id": row.subject if row.subject in names else "",
        "changes": list(_changes(row)),
    }


def _changes(row: RecordRow) -> Iterator[dict[str, Any]]:
    """What has changed; without that, what it was about."""
    before, after = row.before or {}, row.after or {}
    for field, name in (labels.FIELDS | labels.SETTINGS).items():
        if field in after:
            yield {"field": name, "before": _said(before.get(field)), "after": _said(after[field])}
    if not after:
        for field, name in labels.DETAILS.items():
            if row.detail.get(field):
                value = row.detail[field]
                yield {"field": name, "before": None, "after": ROLES[Role(value)] if field == "role" else _said(value)}


def _told(change: dict[str, Any]) -> str:
    before = "" if change["before"] is None else f"{change['before']} → "
    return f"{change['field']}: {before}{'–' if change['after'] is None else change['after']}"


def _said(value: Any) -> Any:
    """As people write it; None stays none."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value

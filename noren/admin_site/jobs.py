"""Bulk jobs: a file is taken in and checked, looked at row by row, confirmed, carried out, and can be undone."""

import io
from typing import Any, Literal, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noren.admin_site import kit
from noren.admin_site.access import Manager, requires
from noren.bulk import actions, labels, queries, sheets
from noren.bulk.actions import Wish
from noren.bulk.queries import JobRow, UnknownJob
from noren.bulk.rules import NEEDS, OF_GROUP, UNDO_WITHIN, WORK, JobState, Operation, Verdict
from noren.groups import queries as groups
from noren.groups.rules import Permission
from noren.kit.errors import Refusal

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
REASONS = 20
WITH_GROUP = OF_GROUP | {Operation.ISSUE}
"""Operations for which the chosen group counts."""


class NewJob(forms.Form):
    """A file, and what is to be done with each of its rows."""

    operation = forms.ChoiceField(label=gettext_lazy("What is to be done with each row"))
    group = forms.ChoiceField(
        label=gettext_lazy("Management group"),
        help_text=gettext_lazy("For groups and permissions; or the group that new accounts join."),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        help_text=gettext_lazy("At most 100,000 rows"),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    all_or_nothing = forms.BooleanField(label=gettext_lazy("Do all rows or none"), required=False)
    again = forms.BooleanField(label=gettext_lazy("Also if the same file was given within a day"), required=False)

    def __init__(self, *args: Any, manager: Manager, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        operation: Any = self.fields["operation"]
        group: Any = self.fields["group"]
        operation.choices = [(one.value, labels.OPERATIONS[one]) for one in Operation if manager.may(NEEDS[one])]
        scope = manager.scope(Permission.GROUPS_MANAGE)
        group.choices = [("", _("In no group"))] + [
            (str(row.group_id), row.name)
            for row in groups.groups(scope)
            if scope.covers(corporation_id=row.corporation_id, group_id=str(row.group_id))
        ]

    def clean(self) -> dict[str, Any]:
        """Memberships and permissions are about a group."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("operation") in OF_GROUP and not given.get("group"):
            self.add_error("group", _("Choose a group."))
        return given

    def wish(self, manager: Manager) -> Wish:
        """What is asked for."""
        given = self.cleaned_data
        return Wish(
            Operation(given["operation"]),
            manager.corporation_id,
            group_id=UUID(given["group"]) if given["group"] and given["operation"] in WITH_GROUP else None,
            language=labels.language(),
            all_or_nothing=given["all_or_nothing"],
            needs_approval=groups.requires_approval([manager.account_id], timezone.now()),
        )


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNTS_SECURE, fresh=True)
def jobs(request: HttpRequest, manager: Manager) -> HttpResponse:
    """The latest jobs, templates, and a form for a new one."""
    form = NewJob(request.POST or None, request.FILES or None, manager=manager)
    if form.is_valid():
        try:
            return _add(request, manager, form)
        except Refusal as refusal:
            kit.told(form, refusal, "file")
    found = queries.jobs(manager.scope(Permission.ACCOUNTS_ISSUE), manager.actor)
    shown = [(row, labels.OPERATIONS[row.operation], labels.STATES[row.state]) for row in found]
    operations = [(one.value, labels.OPERATIONS[one]) for one in Operation if manager.may(NEEDS[one])]
    return kit.page(request, manager, "jobs", form=form, rows=shown, operations=operations, forms=TYPES)


def _add(request: HttpRequest, manager: Manager, form: NewJob) -> HttpResponse:
    file = form.cleaned_data["file"]
    added = actions.add(
        file.read(),
        file.name,
        form.wish(manager),
        again=form.cleaned_data["again"],
        actor=manager.actor,
        now=timezone.now(),
    )
    if not added.is_new:
        messages.warning(request, _("The same file was given within a day; this is its job."))
    return redirect("manage_job", added.job_id)


@require_GET
@requires(Permission.ACCOUNTS_SECURE)
def template(request: HttpRequest, manager: Manager, operation: str, form: str) -> HttpResponse:
    """An empty file with two example rows."""
    del request
    if form not in TYPES or operation not in set(Operation) or not manager.may(NEEDS[Operation(operation)]):
        raise Http404
    content = sheets.template(Operation(operation), cast("Literal['csv', 'xlsx']", form))
    return _file(content, f"{operation}.{form}", TYPES[form])


@require_GET
@requires(Permission.ACCOUNTS_SECURE)
def job(request: HttpRequest, manager: Manager, job_id: UUID) -> HttpResponse:
    """How far it is; what it says of each row."""
    row, now = _job(manager, job_id), timezone.now()
    verdict = request.GET.get("verdict", "")
    chosen = Verdict(verdict) if verdict in set(Verdict) else None
    behind = request.GET.get("behind", "0")
    behind_row = int(behind) if behind.isdecimal() and len(behind) < 9 else 0
    rows = () if row.state is JobState.QUEUED else queries.rows(job_id, verdict=chosen, behind=behind_row)
    return kit.page(
        request,
        manager,
        "job",
        job=row,
        operation=labels.OPERATIONS[row.operation],
        state=labels.STATES[row.state],
        failure=labels.sentence(f":{row.failure}") if row.failure else "",
        working=row.state in WORK,
        minutes=_minutes(row, now),
        reasons=[(labels.sentence(one), count) for one, count in list(queries.reasons(job_id).items())[:REASONS]],
        rows=[_shown(one) for one in rows],
        last=rows[-1].number if len(rows) == queries.PAGE_ROWS else 0,
        verdict=verdict,
        may_commit=row.state is JobState.JUDGED and row.to_do > 0 and not (row.all_or_nothing and row.errors),
        may_approve=row.state is JobState.WAITING and str(manager.actor) not in {row.made_by, row.ordered_by},
        may_undo=row.operation is Operation.ISSUE
        and row.state is JobState.DONE
        and row.ended_at is not None
        and now - row.ended_at < UNDO_WITHIN,
        issued=row.operation is Operation.ISSUE and row.state is JobState.DONE,
    )


@require_POST
@requires(Permission.ACCOUNTS_SECURE, fresh=True)
def order(request: HttpRequest, manager: Manager, job_id: UUID, step: str) -> HttpResponse:
    """Confirm, approve or undo."""
    del request
    _job(manager, job_id)
    act = {"commit": actions.commit, "approve": actions.approve, "undo": actions.undo}.get(step)
    if act is None:
        raise Http404
    act(job_id, actor=manager.actor, now=timezone.now())
    return redirect("manage_job", job_id)


@require_GET
@requires(Permission.ACCOUNTS_SECURE)
def result(request: HttpRequest, manager: Manager, job_id: UUID, form: str) -> HttpResponse:
    """What came of each row, as a file."""
    del request
    row = _job(manager, job_id)
    if form not in TYPES:
        raise Http404
    out = io.BytesIO()
    sheets.write_result(row, out, cast("Literal['csv', 'xlsx']", form))
    return _file(out.getvalue(), f"result-{localtime():%Y-%m-%d}.{form}", TYPES[form])


@require_POST
@requires(Permission.ACCOUNTS_SECURE, fresh=True)
def letters(request: HttpRequest, manager: Manager, job_id: UUID) -> HttpResponse:
    """A PDF with a letter for everybody whom no mail reaches; links of earlier letters end."""
    _job(manager, job_id)
    part = request.POST.get("part", "1")
    out = io.BytesIO()
    number = int(part) if part.isdecimal() and len(part) < 4 and int(part) else 1
    actions.print_letters(job_id, out, part=number, actor=manager.actor, now=timezone.now())
    return _file(out.getvalue(), f"letters-{localtime():%Y-%m-%d}-{number}.pdf", "application/pdf")


def _job(manager: Manager, job_id: UUID) -> JobRow:
    """The job, if it is theirs to see. Raises Http404."""
    try:
        return queries.visible(job_id, manager.scope(Permission.ACCOUNTS_ISSUE), manager.actor)
    except UnknownJob as error:
        raise Http404 from error


def _minutes(row: JobRow, now: Any) -> int | None:
    left = row.remaining(now)
    return None if left is None else 1 + int(left.total_seconds()) // 60


def _shown(row: queries.RowRow) -> dict[str, Any]:
    called = row.given.get("account") or row.given.get("login_id") or row.given.get("employee_number", "")
    return {
        "row": row,
        "called": called,
        "name": row.given.get("name", ""),
        "result": labels.result(row),
        "bad": row.verdict is Verdict.ERROR,
        "reasons": [labels.sentence(one) for one in row.reasons],
        "changes": labels.changes(row.changes),
    }


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

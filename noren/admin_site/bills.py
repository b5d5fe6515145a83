"""Points of a group's pool for the bills of its members: chosen, looked at, used, told line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noren.admin_site import kit
from noren.admin_site.access import Manager, requires
from noren.admin_site.points_pages import ACCOUNT, UNIT
from noren.groups import queries as groups
from noren.groups.queries import GroupRow, insiders
from noren.groups.queries.insiders import PAGE, Insider, Within
from noren.groups.rules import Permission
from noren.kit.secrets import hashed
from noren.members import queries as members
from noren.members.queries import Member
from noren.members.rules import MemberKind
from noren.programme import labels
from noren.programme import queries as programme
from noren.spending import actions, rules
from noren.spending.actions import MOST, Look, Outcome, Wish

CHOICE, RESULT = "manage_bills", "manage_bills_result"
"""Keys in the session: whose bills were chosen, with how many points; what came of the last use."""

SPEND = Permission.POINTS_SPEND


class Filter(forms.Form):
    """Which lines and accounts are shown."""

    text = forms.CharField(
        label=gettext_lazy("Search"),
        help_text=gettext_lazy("Line, phone number, ID, name or kana"),
        max_length=200,
        required=False,
        widget=forms.SearchInput(),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Department or site"), required=False)

    def __init__(self, *args: Any, group: GroupRow, place: Within, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        theirs = [one for one in groups.units(group.group_id) if place.units is None or str(one.unit_id) in place.units]
        field.choices = [("", gettext_lazy("Any")), *((str(one.unit_id), one.name) for one in theirs)]

    def page(self, place: Within, number: int = 1, size: int = PAGE) -> tuple[list[Insider], int]:
        """What is asked for; of a filter that cannot be read, everything."""
        given = self.cleaned_data if self.is_valid() else {}
        unit = UUID(given["unit"]) if given.get("unit") else None
        return insiders.page(place, text=given.get("text", ""), unit_id=unit, offset=(number - 1) * size, size=size)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen in one session. `key`: one choice is used once, from however many windows."""

    key: str
    group_id: str
    points: Mapping[str, int | None]
    """How many points for the bill of each member (by its uid); None: not said yet."""

    @property
    def mark(self) -> str:
        """What stands for the choice that was looked at."""
        return hashed(f"{self.key}\n" + "\n".join(f"{uid}/{count}" for uid, count in sorted(self.points.items())))


def keep(request: HttpRequest, group_id: UUID, points: Mapping[str, int | None], key: str = "") -> None:
    """Note what was chosen, until it is used."""
    request.session[CHOICE] = {"key": key or str(uuid4()), "group_id": str(group_id), "points": dict(points)}


def kept(request: HttpRequest, group_id: UUID) -> Choice | None:
    """What was chosen in this group."""
    found = request.session.get(CHOICE)
    return Choice(**found) if found and found["group_id"] == str(group_id) else None


@require_GET
@requires(SPEND)
def bills(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """The lines and accounts whose bills the manager may pay, to be ticked."""
    group, place = manager.part(group_id, SPEND)
    form, number = Filter(request.GET, group=group, place=place), kit.page_number(request)
    rows, total = form.page(place, number)
    return kit.page(
        request,
        manager,
        "bills",
        group=group,
        form=form,
        rows=rows,
        total=total,
        first=(number - 1) * PAGE + 1,
        last=(number - 1) * PAGE + len(rows),
        asked=kit.asked(request),
        earlier=kit.at_page(request, number - 1) if number > 1 else "",
        later=kit.at_page(request, number + 1) if number * PAGE < total else "",
    )


@require_POST
@requires(SPEND)
def choose(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Go on with those that were ticked: once, or every month."""
    group, place = manager.part(group_id, SPEND)
    ticked = [uid for text in request.POST.getlist("member") if (uid := _uuid(text))]
    if request.POST.get("all"):
        form = Filter(request.GET, group=group, place=place)
        ticked = [one.uid for one in form.page(place, size=MOST + 1)[0]]
    elif len(insiders.chosen(place, ticked)) != len(set(ticked)):
        raise Http404
    if not ticked:
        messages.warning(request, _("Tick at least one line or account first."))
    elif len(ticked) > MOST:
        messages.warning(request, _("At most %(most)d bills at a time.") % {"most": MOST})
    else:
        keep(request, group_id, {str(uid): None for uid in ticked})
        return redirect("manage_standing_set" if "every" in request.POST else "manage_bills_pay", group_id)
    return redirect(f"{reverse('manage_bills', args=[group_id])}?{kit.asked(request)}")


@require_http_methods(["GET", "POST"])
@requires(SPEND, fresh=True)
def pay(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """How many points for each; a look at which they are; then they are used."""
    group, place = manager.part(group_id, SPEND)
    choice = kept(request, group_id)
    if choice is None:
        messages.warning(request, _("Nothing is chosen; what was chosen before has been used."))
        return redirect("manage_bills", group_id)
    people = insiders.chosen(place, map(UUID, choice.points))
    if len(people) != len(choice.points):
        raise Http404
    if request.POST.get("looked_at") == choice.mark:
        return _use(request, manager, group, people, choice)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        points, wrong = _read(request, people)
        keep(request, group_id, {str(uid): points.get(uid) for uid in points}, choice.key)
        choice = kept(request, group_id) or choice
    said = request.method == "POST" or None not in choice.points.values()
    look = _look(manager, group, people, choice) if said and not wrong else None
    return kit.page(
        request, manager, "bills_pay", group=group, rows=_rows(people, choice, look, wrong), **_shown(choice, look)
    )


@require_GET
@requires(SPEND)
def result(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """What came of the last use, line by line."""
    group, _place = manager.part(group_id, SPEND)
    told = request.session.get(RESULT)
    if told is None or told["group_id"] != str(group_id):
        return redirect("manage_bills", group_id)
    refused = sum(bool(row["code"]) for row in told["rows"])
    done = len(told["rows"]) - refused
    return kit.page(request, manager, "bills_result", group=group, done=done, refused=refused, **told)


def spenders(manager: Manager, unit_id: UUID | None) -> tuple[str, ...]:
    """For whom a use counts against limits: the person who uses, and the unit whose bill it is."""
    return (f"{ACCOUNT}{manager.account_id}", *((f"{UNIT}{unit_id}",) if unit_id else ()))


def targets(people: Sequence[Insider]) -> dict[UUID, Member]:
    """The members themselves."""
    ids = {kind: [one.member_id for one in people if one.kind == kind] for kind in MemberKind}
    found = (*members.lines(ids[MemberKind.LINE]), *members.accounts(ids[MemberKind.ACCOUNT]))
    return {one.uid: one for one in found}


def _wishes(manager: Manager, people: Sequence[Insider], choice: Choice) -> list[Wish]:
    found = targets(people)
    return [
        Wish(found[one.uid], count, spenders(manager, one.unit_id))
        for one in people
        if (count := choice.points[str(one.uid)])
    ]


def _look(manager: Manager, group: GroupRow, people: Sequence[Insider], choice: Choice) -> Look:
    wishes = _wishes(manager, people, choice)
    return actions.look_at_many(wallet_id=group.group_id, wishes=wishes, actor=manager.actor, now=timezone.now())


def _use(
    request: HttpRequest, manager: Manager, group: GroupRow, people: Sequence[Insider], choice: Choice
) -> HttpResponse:
    """Each by itself: what is refused for one hinders no other."""
    outcomes = actions.allocate_many(
        wallet_id=group.group_id,
        wishes=_wishes(manager, people, choice),
        key=f"manage/{choice.key}",
        actor=manager.actor,
        now=timezone.now(),
    )
    called = {one.uid: one.called for one in people}
    rows = [
        {"called": called[one.wish.target.uid], "points": one.wish.points, "code": one.code, "why": one.why}
        for one in outcomes
    ]
    tell(request, group.group_id, rows, every=False)
    return redirect("manage_bills_result", group.group_id)


def tell(request: HttpRequest, group_id: UUID, rows: Sequence[Mapping[str, Any]], *, every: bool) -> None:
    """Forget what was chosen; note what came of it, line by line."""
    request.session.pop(CHOICE, None)
    request.session[RESULT] = {"group_id": str(group_id), "rows": list(rows), "every": every}


def _read(request: HttpRequest, people: Sequence[Insider]) -> tuple[dict[UUID, int | None], dict[str, str]]:
    """The points of each line, those for every line where its own field is empty; and what is wrong with a field."""
    field = forms.IntegerField(min_value=1, max_value=rules.MOST)
    field.error_messages["required"] = _("Enter how many points.")
    points: dict[UUID, int | None] = {}
    wrong: dict[str, str] = {}
    for one in people:
        text = request.POST.get(f"points-{one.uid}", "").strip() or request.POST.get("each", "").strip()
        try:
            points[one.uid] = field.clean(text)
        except forms.ValidationError as error:
            points[one.uid], wrong[str(one.uid)] = None, " ".join(error.messages)
    return points, wrong


def _rows(
    people: Sequence[Insider], choice: Choice, look: Look | None, wrong: Mapping[str, str]
) -> list[tuple[Insider, int | None, str, Outcome | None]]:
    found = {one.wish.target.uid: one for one in look.outcomes} if look else {}
    return [(one, choice.points[str(one.uid)], wrong.get(str(one.uid), ""), found.get(one.uid)) for one in people]


def _shown(choice: Choice, look: Look | None) -> dict[str, Any]:
    if look is None:
        return {"look": None}
    month: date = rules.month_for(timezone.now())
    takes = sum(not one.code for one in look.outcomes)
    return {
        "look": look,
        "month": month,
        "mark": choice.mark,
        "parts": [(labels.label(lot.kind), lot.lapses_on, count) for lot, count in look.parts],
        "rule": programme.in_force(month).allocation,
        "takes": takes,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

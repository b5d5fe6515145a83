"""What was taken of a pool for bills, in what state it is; and what is taken every month."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noren.admin_site import bills, kit
from noren.admin_site.access import Manager, requires
from noren.groups.queries import insiders
from noren.groups.queries.insiders import Insider
from noren.kit.errors import Refusal
from noren.members import queries as members
from noren.members.queries import Member
from noren.spending import actions, labels, queries
from noren.web.standing import EveryMonth

SIZE = 50


@require_GET
@requires(bills.SPEND)
def allocations(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """What was taken and became of it, the newest first; and what is taken every month."""
    group, place = manager.part(group_id, bills.SPEND)
    number, uids = kit.page_number(request), insiders.uids(place)
    found = queries.allocations([group_id], uids=uids, offset=(number - 1) * SIZE, size=SIZE + 1)
    rows, waiting = found[:SIZE], queries.waiting(found)
    always = [one for one in queries.standing([group_id]) if uids is None or one.uid in uids]
    called = members.called({one.uid for one in rows} | {one.uid for one in always})
    return kit.page(
        request,
        manager,
        "allocations",
        group=group,
        rows=[
            (called.get(row.uid, row.member_id), row, labels.state(row, waits=row.allocation_id in waiting))
            for row in rows
        ],
        standing=[(called.get(one.uid, one.member_id), one) for one in always],
        earlier=kit.at_page(request, number - 1) if number > 1 else "",
        later=kit.at_page(request, number + 1) if len(found) > SIZE else "",
    )


@require_http_methods(["GET", "POST"])
@requires(bills.SPEND, fresh=True)
def set_up(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Points every month for those that were chosen."""
    group, place = manager.part(group_id, bills.SPEND)
    choice = bills.kept(request, group_id)
    if choice is None:
        messages.warning(request, _("Nothing is chosen; what was chosen before has been used."))
        return redirect("manage_bills", group_id)
    people = insiders.chosen(place, map(UUID, choice.points))
    if len(people) != len(choice.points):
        raise Http404
    form = EveryMonth(request.POST or None, now=timezone.now(), several=len(people) > 1)
    if not form.is_valid():
        return kit.page(request, manager, "standing_set", group=group, people=people, form=form)
    found = bills.targets(people)
    rows = [_outcome(manager, group_id, one, found[one.uid], form) for one in people]
    bills.tell(request, group_id, rows, every=True)
    return redirect("manage_bills_result", group_id)


@require_POST
@requires(bills.SPEND, fresh=True)
def end(request: HttpRequest, manager: Manager, group_id: UUID, standing_id: UUID) -> HttpResponse:
    """No more from the next close on."""
    _group, place = manager.part(group_id, bills.SPEND)
    uids = insiders.uids(place)
    found = [one for one in queries.standing([group_id]) if one.standing_id == standing_id]
    if not found or (uids is not None and found[0].uid not in uids):
        raise Http404
    target = members.member(f"{found[0].kind}:{found[0].member_id}")
    actions.end_standing(standing_id, target=target, actor=manager.actor, now=timezone.now())
    messages.success(request, _("The standing allocation has ended; what was taken stays."))
    return redirect("manage_allocations", group_id)


def _outcome(manager: Manager, group_id: UUID, one: Insider, target: Member, form: EveryMonth) -> dict[str, Any]:
    """Each by itself: what is refused for one hinders no other."""
    told = {"called": one.called, "points": form.cleaned_data["points"], "code": "", "why": ""}
    try:
        actions.set_standing(
            wallet_id=group_id,
            target=target,
            amount=form.cleaned_data["points"],
            since=form.cleaned_data["since"],
            until=form.cleaned_data["until"],
            spenders=bills.spenders(manager, one.unit_id),
            actor=manager.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return {**told, "code": refusal.code, "why": str(refusal)}
    return told

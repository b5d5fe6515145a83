"""Acts on accounts: chosen, confirmed, done, told. The same way for a single account and for a list."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from noren.admin_site import kit
from noren.admin_site.access import Manager, chosen, requires
from noren.admin_site.acts import ACTS, Act
from noren.bulk import actions as bulk
from noren.bulk import labels
from noren.bulk.actions import Wish
from noren.bulk.rules import Operation
from noren.groups import queries as groups
from noren.groups.queries.directory import Person
from noren.groups.rules import Permission
from noren.kit import sheet
from noren.kit.errors import Overloaded, Refusal
from noren.kit.secrets import hashed

CHOICE, RESULT = "manage_choice", "manage_result"
"""Keys in the session: the accounts that were ticked for an act; what came of the last act."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act with one account; `code` is empty when it was done."""

    account_id: str
    login_id: str
    name: str
    code: str = ""
    why: str = ""


def offered(manager: Manager) -> list[Act]:
    """The acts that are open to the manager somewhere."""
    return [act for act in ACTS.values() if manager.may(act.permission)]


def keep_choice(request: HttpRequest, act: Act, ids: Sequence[str]) -> None:
    """Note which accounts were ticked for the act, until it is confirmed."""
    request.session[CHOICE] = {"act": act.name, "ids": list(ids)}


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNTS_VIEW, fresh=True)
def act(request: HttpRequest, manager: Manager, name: str) -> HttpResponse:
    """Show who was chosen and ask; then do it with each, tell what came of it."""
    found = _act(name)
    ids = _ids(request, found)
    if not ids:
        return redirect("manage_accounts")
    people = chosen(manager, ids, found.permission)
    shown = hashed("\n".join(sorted(person.account_id for person in people)))
    form = found.form(request.POST if request.method == "POST" else None, manager=manager)
    if request.POST.get("shown", shown) != shown:
        form.add_error(None, _("Other accounts have been chosen meanwhile, in another window. Look again."))
    if not form.is_valid():
        return kit.page(request, manager, "act", act=found, people=people, form=form, shown=shown)
    if found.name == "abolish" and groups.requires_approval([manager.account_id, *ids], timezone.now()):
        return _ask_another(request, manager, people)
    now, because = timezone.now(), replace(manager, reason=form.cleaned_data["reason"].strip())
    outcomes = [_outcome(found, because, person, form, now) for person in people]
    request.session.pop(CHOICE, None)
    request.session[RESULT] = {"act": found.name, "outcomes": [asdict(one) for one in outcomes]}
    return redirect("manage_result")


@require_GET
@requires(Permission.ACCOUNTS_VIEW)
def result(request: HttpRequest, manager: Manager) -> HttpResponse:
    """What came of the last act, account by account."""
    kept = request.session.get(RESULT)
    if kept is None:
        return redirect("manage_accounts")
    outcomes = [Outcome(**one) for one in kept["outcomes"]]
    refused = [one for one in outcomes if one.code]
    done = len(outcomes) - len(refused)
    return kit.page(request, manager, "result", act=_act(kept["act"]), outcomes=outcomes, done=done, refused=refused)


def _ask_another(request: HttpRequest, manager: Manager, people: Sequence[Person]) -> HttpResponse:
    """Make it a job: that waits until a second administrator approves."""
    content = "account\n" + "".join(sheet.line([person.account_id]) for person in people)
    wish = Wish(Operation.ABOLISH, manager.corporation_id, language=labels.language(), needs_approval=True)
    added = bulk.add(content.encode(), "abolish.csv", wish, again=True, actor=manager.actor, now=timezone.now())
    request.session.pop(CHOICE, None)
    messages.warning(
        request, _("Abolishing needs the approval of a second administrator. Look, carry out, and have it approved.")
    )
    return redirect("manage_job", added.job_id)


def _act(name: str) -> Act:
    if name not in ACTS:
        raise Http404
    return ACTS[name]


def _ids(request: HttpRequest, act: Act) -> Sequence[str]:
    """One account named in the address, or those that were ticked."""
    single = request.GET.get("account")
    if single:
        return [single]
    choice: dict[str, Any] = request.session.get(CHOICE) or {}
    return choice.get("ids", []) if choice.get("act") == act.name else []


def _outcome(act: Act, manager: Manager, person: Person, form: Any, now: datetime) -> Outcome:
    """Each account by itself: what is refused for one hinders no other."""
    who = (person.account_id, person.login_id, person.name)
    if person.state not in act.states:
        return Outcome(*who, code="account.state", why=_("The account's state does not allow it."))
    if not act.own and person.account_id == manager.account_id:
        return Outcome(*who, code="account.own", why=_("This is your own account. Another administrator can do it."))
    try:
        act.perform(manager, person, form, now)
    except (PermissionDenied, Http404):
        return Outcome(*who, code="web.forbidden", why=_("Not open to you"))
    except Overloaded:
        return Outcome(*who, code="overloaded", why=_("Please try again in a moment"))
    except Refusal as refusal:
        return Outcome(*who, code=refusal.code, why=str(refusal))
    return Outcome(*who)

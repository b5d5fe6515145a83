"""The steps of joining, one page each."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Field, Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from noren.accounts import actions as accounts
from noren.accounts import limits
from noren.accounts.actions.applications import Applicant
from noren.join_site import forms, signing_in
from noren.join_site import journey as journeys
from noren.join_site.journey import Journey, Step
from noren.kit.actor import Actor, ActorKind
from noren.kit.errors import Overloaded, Refusal
from noren.lifecycle import joining

LONGEST = 400
"""What is kept of a field that has no length of its own."""

MAILS_AN_HOUR = 5
MAILS_AN_HOUR_FROM_ONE_ADDRESS = 30
TRIES_AN_HOUR = 10
TRIES_AN_HOUR_FROM_ONE_ADDRESS = 30
"""The last step: its answer tells whether somebody has an ID."""

PURPOSE = "join"

TITLES = {
    Step.KIND: lambda: _("Who joins"),
    Step.CORPORATION: lambda: _("Corporation"),
    Step.PERSON: lambda: _("You"),
    Step.MAIL: lambda: _("Mail address"),
    Step.TERMS: lambda: _("Check and agree"),
    Step.PASSWORD: lambda: _("Password"),
}


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What joining is, and for whom."""
    return render(request, "join_site/home.html", {"begun": bool(journeys.of(request).done)})


@login_not_required
@require_GET
def received(request: HttpRequest) -> HttpResponse:
    """The application is on the review list."""
    return render(request, "join_site/received.html")


@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    """Joined and signed in: what comes next."""
    return render(request, "join_site/welcome.html")


@login_not_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step: show what was typed, take what is typed, go on. A later step waits for those before it."""
    journey = journeys.of(request)
    if name not in journey.steps:
        raise Http404
    this = Step(name)
    if journey.steps.index(this) > journey.steps.index(journey.first_open):
        return redirect("join_step", name=journey.first_open)
    form = _form(request, journey, this)
    if request.method != "POST":
        return _page(request, journey, this, form)
    if "back" in request.POST:
        return _back(request, journey, this, form)
    if this is Step.MAIL and "send" in request.POST:
        return _send(request, journey)
    if not form.is_valid():
        return _page(request, journey, this, form)
    return _take(request, journey, this, form)


def _form(request: HttpRequest, journey: Journey, this: Step) -> Form:
    data = request.POST if request.method == "POST" and "send" not in request.POST else None
    if this is Step.PASSWORD:
        return forms.Password(data, account=_Login(journey))
    if this is Step.CORPORATION and journey.sole:
        return forms.SoleProprietor(data, initial=journey.of(this))
    kinds = {
        Step.KIND: forms.Kind,
        Step.CORPORATION: forms.Corporation,
        Step.PERSON: forms.Person,
        Step.MAIL: forms.Code,
        Step.TERMS: forms.Terms,
    }
    usual = {"language": get_language()} if this is Step.PERSON else {}
    form: Form = kinds[this](data, initial={**usual, **journey.of(this)})
    if this is Step.PERSON and journey.problem and data is None:
        form = kinds[this]({**usual, **journey.of(this)})
        form.add_error("login_id", journey.problem)
    return form


class _Login:
    """What a password is compared with."""

    def __init__(self, journey: Journey) -> None:
        self.contact_mail = journey.of(Step.PERSON).get("mail", "")
        self.login_id = journey.of(Step.PERSON).get("login_id", "") or self.contact_mail


def _page(request: HttpRequest, journey: Journey, this: Step, form: Form) -> HttpResponse:
    steps = [
        {"name": step, "title": TITLES[step](), "done": journey.is_done(step), "current": step is this}
        for step in journey.steps
    ]
    place = journey.steps.index(this)
    context: dict[str, Any] = {
        "form": form,
        "steps": steps,
        "step": this,
        "number": place + 1,
        "count": len(steps),
        "title": TITLES[this](),
        "first": place == 0,
        "last": place == len(steps) - 1,
        "said": journey.said,
        "sole": journey.sole,
        "mail": journey.of(Step.PERSON).get("mail", ""),
        "proved": journey.is_done(Step.MAIL),
    }
    return render(request, f"join_site/step_{this}.html", context)


def _back(request: HttpRequest, journey: Journey, this: Step, form: Form) -> HttpResponse:
    """Go back, keeping what was typed, right or wrong; never a password or a code."""
    if this not in {Step.PASSWORD, Step.MAIL}:
        if form.is_valid():
            journey.keep(this, form.cleaned_data)
        else:
            journey.said[this] = {name: _typed(request, name, field) for name, field in form.fields.items()}
            journey.done = [name for name in journey.done if name != this]
        journeys.save(request, journey)
    return redirect("join_step", name=journey.steps[max(journey.steps.index(this) - 1, 0)])


def _typed(request: HttpRequest, name: str, field: Field) -> str:
    """What was typed into the field, no more than it takes."""
    return str(request.POST.get(name, "")[: getattr(field, "max_length", None) or LONGEST])


def _take(request: HttpRequest, journey: Journey, this: Step, form: Form) -> HttpResponse:
    if this is Step.MAIL and not journey.is_done(this) and not _proved(request, journey, form):
        return _page(request, journey, this, form)
    if this is Step.PASSWORD or (this is Step.TERMS and journey.sole):
        return _finish(request, journey, form.cleaned_data.get("password", ""))
    if this not in {Step.MAIL, Step.PASSWORD}:
        journey.keep(this, form.cleaned_data)
    journeys.save(request, journey)
    if this is Step.PERSON and not journey.is_done(Step.MAIL):
        return _send(request, journey)
    return redirect("join_step", name=journey.next_after(this))


def _send(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Send a code to the address. The same answer for every address, whoever has it."""
    mail, now = journey.of(Step.PERSON)["mail"], timezone.now()
    address = signing_in.address_of(request)
    limits.count(
        [
            limits.Limit("join_mail", mail.casefold(), MAILS_AN_HOUR, 3600),
            limits.Limit("join_address", address, MAILS_AN_HOUR_FROM_ONE_ADDRESS, 3600),
        ],
        now=now,
    )
    try:
        accounts.send_code(purpose=PURPOSE, subject=journey.journey_id, channel="mail", destination=mail, now=now)
        messages.success(request, _("A code is on its way to %(mail)s.") % {"mail": mail})
    except Overloaded:
        raise
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("join_step", name=Step.MAIL)


def _proved(request: HttpRequest, journey: Journey, form: Form) -> bool:
    code = form.cleaned_data["code"]
    try:
        journey.proved_mail = accounts.check_code(
            purpose=PURPOSE, subject=journey.journey_id, code=code, now=timezone.now()
        )
    except Overloaded:
        raise
    except Refusal as refusal:
        form.add_error("code", str(refusal))
        return False
    journeys.save(request, journey)
    return journey.is_done(Step.MAIL)


def _finish(request: HttpRequest, journey: Journey, password: str) -> HttpResponse:
    """Register or apply; an ID that somebody has is asked for once more, everything else stays."""
    actor = Actor(ActorKind.MEMBER, f"join-{journey.journey_id[:8]}")
    applicant, now = _applicant(journey), timezone.now()
    limits.count(
        [
            limits.Limit("join_last", applicant.mail, TRIES_AN_HOUR, 3600),
            limits.Limit("join_last_address", signing_in.address_of(request), TRIES_AN_HOUR_FROM_ONE_ADDRESS, 3600),
        ],
        now=now,
    )
    whose: dict[str, Any] = {"journey_id": journey.journey_id, "actor": actor, "now": now}
    try:
        if journey.sole:
            outcome = joining.apply(applicant, **whose)
        else:
            outcome = joining.register(applicant, password=password, **whose)
    except accounts.LoginTaken:
        journey.problem = _("This ID is not available. Choose another one, or sign in if it is yours.")
        journeys.save(request, journey)
        return redirect("join_step", name=Step.PERSON)
    journeys.wipe(request)
    if not outcome.account_id:
        return redirect("join_received")
    return signing_in.sign_in(request, outcome.account_id, methods=("password", "mail"), to="join_welcome")


def _applicant(journey: Journey) -> Applicant:
    corporation, person = journey.of(Step.CORPORATION), journey.of(Step.PERSON)
    return Applicant(
        corporate_number="" if journey.sole else corporation["corporate_number"],
        name=corporation["name"],
        name_kana=corporation["name_kana"],
        person=person["name"],
        person_kana=person["name_kana"],
        department=person["department"],
        title=person["title"],
        login_id=person["login_id"] or person["mail"],
        mail=person["mail"],
        language=person["language"],
    )

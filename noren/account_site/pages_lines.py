"""Phone lines that are the person's: linked by the line's PIN, or by a code that is sent to the line itself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from noren.account_site import page_forms, pages_kit, sign_in_limits
from noren.account_site.pages_again import recent_to_change
from noren.account_site.sign_in_code import deliver
from noren.accounts import actions as accounts
from noren.accounts import limits, queries
from noren.accounts.rules import Way
from noren.kit.errors import Overloaded, Refusal
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members

PURPOSE = "line"
TRIES_AN_HOUR = 10


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """The linked ones."""
    return pages_kit.page(request, "lines", rows=queries.lines(pages_kit.mine(request)))


@recent_to_change
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Number and PIN; without a PIN a code goes to the line."""
    form = page_forms.Line(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return pages_kit.page(request, "lines_add", form=form)
    limits.count(
        [limits.Limit("link_line", pages_kit.mine(request), TRIES_AN_HOUR, 3600)],
        now=timezone.now(),
    )
    if not form.cleaned_data["pin"]:
        return _code_to(request, form)
    return _link(request, form, "lines_add", _line_of(request, form.cleaned_data["number"]), form.cleaned_data["pin"])


@recent_to_change
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent to the line: the same page for numbers that are no line of the corporation."""
    form = page_forms.Code(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return pages_kit.page(request, "lines_code", form=form)
    account_id, now = pages_kit.mine(request), timezone.now()
    sign_in_limits.second_step(request, account_id, now=now)
    try:
        number = accounts.check_code(purpose=PURPOSE, subject=account_id, code=form.cleaned_data["code"], now=now)
    except (accounts.CodeWrong, accounts.CodeExpired) as refusal:
        form.add_error("code", str(refusal))
        return pages_kit.page(request, "lines_code", form=form)
    return _link(request, form, "lines_code", _line_of(request, number), None)


@recent_to_change
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, line_id: str) -> HttpResponse:
    """Ask, then unlink."""
    found = [row for row in queries.lines(pages_kit.mine(request)) if row.line.member_id == line_id]
    if not found:
        raise Http404
    if request.method != "POST":
        return pages_kit.page(request, "lines_unlink", row=found[0])
    lifecycle.unlink_line(pages_kit.mine(request), line_id, actor=pages_kit.me(request), now=timezone.now())
    messages.success(request, _("The line is not linked any more."))
    return redirect("account_lines")


def _line_of(request: HttpRequest, number: str) -> str:
    """The corporation's line of that number; an id that no line has, if there is none."""
    found = members.lines_of_number(pages_kit.person(request).corporation_id, _national(number))
    return found[0].line_id if len(found) == 1 else ""


def _national(number: str) -> str:
    """As contracts write it: 090…, not +8190…."""
    try:
        tidy = accounts.tidy_mobile(number)
    except accounts.BadMobile:
        return number
    return f"0{tidy.removeprefix('+81')}" if tidy.startswith("+81") else tidy


def _code_to(request: HttpRequest, form: page_forms.Line) -> HttpResponse:
    """Send a code if that is a line of the corporation; the answer is the same if not."""
    number, now = form.cleaned_data["number"], timezone.now()
    try:
        to = Way("sms", accounts.tidy_mobile(number))
    except accounts.BadMobile as refusal:
        form.add_error("number", str(refusal))
        return pages_kit.page(request, "lines_add", form=form)
    if _line_of(request, number):
        sign_in_limits.message(request, pages_kit.mine(request), pages_kit.person(request).corporation_id, now=now)
        deliver(request, PURPOSE, pages_kit.person(request), to, now=now)
    return redirect("account_lines_code")


def _link(
    request: HttpRequest, form: page_forms.Line | page_forms.Code, page: str, line_id: str, pin: str | None
) -> HttpResponse:
    try:
        lifecycle.link_line(pages_kit.mine(request), line_id, pin=pin, actor=pages_kit.me(request), now=timezone.now())
    except Overloaded:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return pages_kit.page(request, page, form=form)
    messages.success(request, _("The line is linked to your account."))
    return redirect("account_lines")

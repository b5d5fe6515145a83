"""Contact mail and mobile: entered, proved by a code that is sent there, then kept."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from noren.account_site import page_forms, pages_kit, sign_in_limits
from noren.account_site.pages_again import recent, second_factor
from noren.account_site.sign_in_code import deliver
from noren.accounts import actions as accounts
from noren.accounts.rules import Way
from noren.kit.errors import Overloaded, Refusal


@dataclass(frozen=True)
class Contact:
    """What differs between the two."""

    channel: Literal["mail", "sms"]
    url: str
    template: str
    form: type[Form]
    field: str
    tidy: Callable[[str], str]
    keep: Callable[..., None]
    event: str
    done: Promise

    @property
    def purpose(self) -> str:
        """Of the code, and key in the session of the address that waits for it."""
        return f"contact_{self.channel}"


MAIL = Contact(
    "mail",
    "account_contact_mail",
    "contact_mail",
    page_forms.ContactMail,
    "contact_mail",
    accounts.tidy_mail,
    accounts.set_contact_mail,
    "contact_mail_changed",
    gettext_lazy("Your contact mail is verified and saved."),
)
MOBILE = Contact(
    "sms",
    "account_contact_mobile",
    "contact_mobile",
    page_forms.ContactMobile,
    "contact_mobile",
    accounts.tidy_mobile,
    accounts.set_contact_mobile,
    "contact_mobile_changed",
    gettext_lazy("Your contact mobile is verified and saved."),
)


@recent
@second_factor
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """The contact mail."""
    return _contact(request, MAIL)


@recent
@second_factor
@require_http_methods(["GET", "POST"])
def mobile(request: HttpRequest) -> HttpResponse:
    """The contact mobile."""
    return _contact(request, MOBILE)


def _contact(request: HttpRequest, contact: Contact) -> HttpResponse:
    if "other" in request.POST:
        request.session.pop(contact.purpose, None)
        return redirect(contact.url)
    waiting = request.session.get(contact.purpose)
    if waiting and "destination" not in request.POST:
        return _prove(request, contact, waiting)
    form = contact.form(request.POST if request.method == "POST" else None)
    if not form.is_valid() or not _asked(request, contact, form):
        return _page(request, contact, form=form, current=getattr(pages_kit.person(request), contact.field))
    return redirect(contact.url)


def _asked(request: HttpRequest, contact: Contact, form: Form) -> bool:
    """Send the code; the same answer whoever else has that address."""
    try:
        to = contact.tidy(form.cleaned_data["destination"])
    except Refusal as refusal:
        form.add_error("destination", str(refusal))
        return False
    request.session[contact.purpose] = to
    _send(request, contact, to)
    return True


def _send(request: HttpRequest, contact: Contact, to: str) -> None:
    now = timezone.now()
    sign_in_limits.message(request, pages_kit.mine(request), pages_kit.person(request).corporation_id, now=now)
    deliver(request, contact.purpose, pages_kit.person(request), Way(contact.channel, to), now=now)


def _prove(request: HttpRequest, contact: Contact, waiting: str) -> HttpResponse:
    if "send" in request.POST:
        _send(request, contact, waiting)
        return redirect(contact.url)
    form = page_forms.Code(request.POST if request.method == "POST" else None)
    if not form.is_valid() or not _kept(request, contact, form):
        return _page(request, contact, form=form, waiting=waiting)
    del request.session[contact.purpose]
    messages.success(request, str(contact.done))
    return redirect("account_home")


def _kept(request: HttpRequest, contact: Contact, form: page_forms.Code) -> bool:
    account_id, now = pages_kit.mine(request), timezone.now()
    sign_in_limits.second_step(request, account_id, now=now)
    before = copy.copy(pages_kit.person(request))
    try:
        proved = accounts.check_code(
            purpose=contact.purpose, subject=account_id, code=form.cleaned_data["code"], now=now
        )
        contact.keep(account_id, proved, actor=pages_kit.me(request), now=now)
    except Overloaded:
        raise
    except Refusal as refusal:
        form.add_error("code", str(refusal))
        return False
    pages_kit.person(request).refresh_from_db()
    # Whoever took the account over would change the address first: the old one is told, too.
    reached = [before] if before.contact_mail or before.contact_mobile else []
    for account in [*reached, *([pages_kit.person(request)] if contact is MAIL and not reached else [])]:
        pages_kit.tell(request, contact.event, account)
    return True


def _page(request: HttpRequest, contact: Contact, **context: Any) -> HttpResponse:
    titles = {"mail": _("Contact mail"), "sms": _("Contact mobile")}
    return pages_kit.page(request, "contact", title=titles[contact.channel], channel=contact.channel, **context)

"""What the sign-in tells by mail (by short message where there is no mail): in the account's language."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.accounts import actions as accounts
from noren.accounts import limits
from noren.accounts.limits import Limit, TooOften
from noren.accounts.rules import WRONG_CODES, SignInResult, State
from noren.outbox import actions as outbox
from noren.web import agents

HOUR = 3600

NOTICES = {
    "password_changed": gettext_lazy("Your password was changed"),
    "password_set": gettext_lazy("A password was set for your account"),
    "password_reset": gettext_lazy("Your password was reset"),
    "login_id_changed": gettext_lazy("Your ID was changed"),
    "contact_mail_changed": gettext_lazy("The contact mail of your account was changed"),
    "contact_mobile_changed": gettext_lazy("The contact mobile of your account was changed"),
    "totp_activated": gettext_lazy("An authenticator app was added to your account"),
    "totp_deactivated": gettext_lazy("The authenticator app was removed from your account"),
    "webauthn_added": gettext_lazy("A passkey was added to your account"),
    "webauthn_removed": gettext_lazy("A passkey was removed from your account"),
    "recovery_codes_generated": gettext_lazy("New recovery codes were made for your account"),
    "two_step_changed": gettext_lazy("The two-step setting of your account was changed"),
    "new_browser": gettext_lazy("Someone signed in to your account with a new browser"),
}
"""What happened, by the name of the event."""


@transaction.atomic
def notice(event: str, account: Any, *, address: str, agent: str, now: datetime) -> None:
    """Tell the account's person what happened, with a link that locks the account at once."""
    with _language_of(account):
        subject = str(NOTICES[event])
        link = _url("self_lock", accounts.self_lock_ticket(account.account_id, now=now))
        paragraphs = [
            _("%(what)s: %(login_id)s") % {"what": subject, "login_id": account.login_id},
            _facts(address, agent, now),
            _("If this was you, there is nothing to do."),
            _("If this was not you, lock your account at once. Your administrator can unlock it again:\n%(link)s")
            % {"link": link},
        ]
        _send(account, subject, paragraphs, now)


def closed(account: Any, *, now: datetime) -> None:
    """Somebody gave the right password of an account that cannot be used: say why, at most once in an hour."""
    try:
        limits.count([Limit("letter.closed", account.account_id, 1, HOUR)], now=now)
    except TooOften:
        return
    with _language_of(account):
        if account.state == State.LOCKED:
            text = _(
                "Your account %(login_id)s is locked, so signing in is refused. To unlock it, reset your password:"
            )
            link = _url("account_reset_password")
            end = _("If you or your administrator locked it on purpose, only the administrator can unlock it.")
        elif account.state == State.INVITED:
            text = _("Your account %(login_id)s is not open yet. Use the link in your invitation first.")
            link, end = "", _("If you have lost it, ask your administrator to send it again.")
        else:
            return
        _send(account, _("Signing in was refused"), [text % {"login_id": account.login_id}, link, end], now)


def failures_locked(account: Any, result: SignInResult, *, address: str, agent: str, now: datetime) -> None:
    """The account was just locked by wrong passwords, or by wrong codes after the right one."""
    with _language_of(account):
        text = _("Your account %(login_id)s was locked, because a wrong password was given 10 times in a row.")
        if result is SignInResult.WRONG_CODE:
            text = _(
                "Your account %(login_id)s was locked: the password was right, but a wrong code was given %(times)d"
                " times in a row. If that was not you, somebody knows your password."
            )
        link = _url("account_reset_password")
        paragraphs = [
            text % {"login_id": account.login_id, "times": WRONG_CODES},
            _facts(address, agent, now),
            _("To unlock it, reset your password here, or ask your administrator:\n%(link)s") % {"link": link},
        ]
        _send(account, _("Your account was locked"), paragraphs, now)


def ambiguous(mail: str, login_ids: list[str], *, language: str, now: datetime) -> None:
    """A reset was asked for by a mail address that several accounts have: name their ids, five times in ten minutes."""
    try:
        limits.count([Limit("letter.ambiguous", mail, 5, HOUR // 6)], now=now)
    except TooOften:
        return
    with translation.override(language):
        text = _("A password reset was asked for with this mail address. These accounts use it:")
        end = _("Ask for the reset again with the ID of the account that you mean.")
        outbox.mail(
            to=mail,
            subject=_("Which account do you mean?"),
            body="\n\n".join([text, "\n".join(login_ids), end]),
            now=now,
        )


def _url(name: str, *args: str) -> str:
    return f"{settings.NOREN_URL}{reverse(name, args=args)}"


def _facts(address: str, agent: str, now: datetime) -> str:
    time = date_format(timezone.localtime(now), "Y-m-d H:i")
    return _("Time: %(time)s (Japan)\nAddress: %(address)s\nBrowser: %(browser)s") % {
        "time": time,
        "address": address,
        "browser": agents.short(agent) or _("Unknown browser"),
    }


@contextmanager
def _language_of(account: Any) -> Iterator[None]:
    with translation.override(account.language):
        yield


def _send(account: Any, subject: str, paragraphs: list[str], now: datetime) -> None:
    """By mail; else by short message; else not at all."""
    body = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    if account.contact_mail:
        outbox.mail(to=account.contact_mail, subject=subject, body=f"{body}\n", now=now)
    elif account.contact_mobile:
        outbox.sms(to=account.contact_mobile, body=body, now=now)

"""Why something about an account cannot be done."""

from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Refusal


class BadLogin(Refusal):
    """Not a login id."""

    code = "login.bad"


class LoginTaken(Refusal):
    """Another account has the login id. Told to insiders, and to who proved that the mail address is theirs."""

    code = "login.taken"


class OtherOrganisation(Refusal):
    """An employee's login id begins with the code of another organisation."""

    code = "login.other_organisation"


class NoLogin(Refusal):
    """Neither a login id nor an employee number."""

    code = "login.missing"


class NoName(Refusal):
    """An account without its person's name."""

    code = "account.no_name"


class BadId(Refusal):
    """Not usable as an account id, or there already."""

    code = "account.bad_id"


class WrongState(Refusal):
    """The account's state does not allow it."""

    code = "account.state"


class BadMail(Refusal):
    """Not a mail address."""

    code = "contact.bad_mail"


class NoMail(Refusal):
    """The account has no contact mail."""

    code = "contact.no_mail"


class BadMobile(Refusal):
    """Not a mobile number."""

    code = "contact.bad_mobile"


class TicketUnusable(Refusal):
    """A link that was used, revoked, is too old, or never was."""

    code = "ticket.unusable"


class CodeTooSoon(Refusal):
    """The last code was sent a moment ago."""

    code = "code.too_soon"


class CodeWrong(Refusal):
    """Not the code that was sent."""

    code = "code.wrong"


class CodeExpired(Refusal):
    """No code that can still be used."""

    code = "code.expired"


class LineNotLinked(Refusal):
    """A line that is not there, not this corporation's, closed, or whose PIN is another: one answer for all."""

    code = "line.not_linked"


class LineTaken(Refusal):
    """The line is linked to another account."""

    code = "line.taken"


class NotLinked(Refusal):
    """The line is not linked to this account."""

    code = "line.not_yours"


class NoSuchSession(Refusal):
    """The session is not this account's, or has ended."""

    code = "session.unknown"


def ticket_unusable() -> TicketUnusable:
    """For every reason the same."""
    return TicketUnusable(_("This link can no longer be used. Ask for a new one."))

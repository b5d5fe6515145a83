"""What people read for the words of accounts: states, kinds, results of signing in."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.accounts.rules import Kind, LockReason, SignInResult, State, TwoStep

STATES: Mapping[State, object] = {
    State.INVITED: gettext_lazy("Invited"),
    State.ACTIVE: gettext_lazy("In use"),
    State.LOCKED: gettext_lazy("Locked"),
    State.ABOLISHED: gettext_lazy("Ended"),
}
KINDS: Mapping[Kind, object] = {
    Kind.LINE_LINKED: gettext_lazy("With a line"),
    Kind.CARRIER_FREE: gettext_lazy("Without a line"),
}
LOCK_REASONS: Mapping[LockReason, object] = {
    LockReason.PASSWORDS: gettext_lazy("Too many wrong passwords or codes"),
    LockReason.SELF: gettext_lazy("Locked by the person"),
    LockReason.ADMINISTRATOR: gettext_lazy("Locked by an administrator"),
    LockReason.DORMANT: gettext_lazy("Not used for 13 months"),
}
TWO_STEPS: Mapping[TwoStep, object] = {
    TwoStep.STRONG: gettext_lazy("At every sign-in"),
    TwoStep.WEAK: gettext_lazy("Not in trusted browsers"),
}
RESULTS: Mapping[SignInResult, object] = {
    SignInResult.SUCCEEDED: gettext_lazy("Signed in"),
    SignInResult.WRONG_PASSWORD: gettext_lazy("Wrong password"),
    SignInResult.WRONG_CODE: gettext_lazy("Wrong code"),
    SignInResult.LOCKED: gettext_lazy("Refused: locked"),
    SignInResult.REFUSED: gettext_lazy("Refused by a rule of the organisation"),
    SignInResult.SERVICE: gettext_lazy("Use of a service"),
}
METHODS: Mapping[str, object] = {
    "password": gettext_lazy("Password"),
    "mail": gettext_lazy("Code by mail"),
    "sms": gettext_lazy("Code by short message"),
    "totp": gettext_lazy("Authenticator app"),
    "recovery_codes": gettext_lazy("Recovery code"),
    "passkey": gettext_lazy("Passkey"),
    "trusted_browser": gettext_lazy("Trusted browser"),
    "link": gettext_lazy("Invitation"),
}


def result(found: SignInResult, service: str) -> str:
    """What came of an attempt to sign in, or to which service somebody went on."""
    if found is SignInResult.SERVICE:
        return _("Went on to %(service)s") % {"service": service}
    return str(RESULTS[found])


def method(name: str) -> str:
    """By what somebody showed who they are."""
    return str(METHODS.get(name, name))

"""Every write of the provider: partners, consent, codes and tokens, and the end of them."""

from noren.sso.actions.calls import Answer, Call, CallConflict, begin_call, end_call
from noren.sso.actions.clients import Made, add_client, disable_client, new_secret
from noren.sso.actions.consent import Person, authorize, consent, release
from noren.sso.actions.devices import decide_device, redeem_device, start_device
from noren.sso.actions.ending import end, end_many, revoke, tidy
from noren.sso.actions.redeeming import Credentials, push, redeem_code, redeem_refresh, take_pushed

__all__ = [
    "Answer",
    "Call",
    "CallConflict",
    "Credentials",
    "Made",
    "Person",
    "add_client",
    "authorize",
    "begin_call",
    "consent",
    "decide_device",
    "disable_client",
    "end",
    "end_call",
    "end_many",
    "new_secret",
    "push",
    "redeem_code",
    "redeem_device",
    "redeem_refresh",
    "release",
    "revoke",
    "start_device",
    "take_pushed",
    "tidy",
]

"""Who is signed in at this browser, how they proved it, and when."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from noren.accounts.sessions import SID
from noren.sso.actions import Person
from noren.sso.rules import acr_of, amr_of

METHODS = "account_authentication_methods"
"""Where allauth keeps how somebody signed in: a list of {method, at, …}."""


def person_of(request: HttpRequest) -> Person | None:
    """The person of this session; None: nobody is signed in."""
    user = request.user
    if not user.is_authenticated:
        return None
    methods: list[Mapping[str, Any]] = request.session.get(METHODS, [])
    amr = amr_of(str(one.get("type") or one.get("method")) for one in methods)
    sid = request.session.get(SID)
    return Person(
        account_id=str(user.pk),
        epoch=user.epoch,
        sid=UUID(str(sid)) if sid else None,
        auth_time=int(max((float(one.get("at", 0)) for one in methods), default=0)),
        acr=acr_of(amr),
        amr=amr,
    )

"""Who is signed in at this browser, how they proved it, and when."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

from noren.accounts.policy import why_not
from noren.accounts.sessions import METHODS, SID, STARTED, ours, used
from noren.groups import queries as groups
from noren.idp.answers import clock
from noren.sso.actions import Person
from noren.sso.rules import POINTS_SPEND, acr_of, amr_of
from noren.web.factors import given_at


def person_of(request: HttpRequest, scopes: Collection[str] = ()) -> Person | None:
    """The person of this session, as it matters for these scopes; None: nobody is signed in."""
    user = request.user
    if not user.is_authenticated:
        return None
    methods: list[Mapping[str, Any]] = request.session.get(METHODS, [])
    amr = amr_of(str(one.get("type") or one.get("method")) for one in methods)
    sid, began = request.session.get(SID), request.session.get(STARTED, {}).get("at")
    return Person(
        account_id=str(user.pk),
        epoch=user.epoch,
        sid=UUID(str(sid)) if sid else None,
        auth_time=int(max((float(one.get("at", 0)) for one in methods), default=0)),
        acr=acr_of(amr),
        amr=amr,
        methods=sorted(used(request.session)),
        began_at=datetime.fromisoformat(began) if began else None,
        factor_time=int(given_at(request)) if POINTS_SPEND in scopes else 0,
    )


def may_link(person: Person, client_id: str) -> bool:
    """Whether the person's organisation lets its accounts be linked to the partner."""
    return groups.may_link(person.account_id, client_id)


def is_allowed(request: HttpRequest) -> bool:
    """Whether the person's sign-in fulfils what the places of the account ask of it."""
    session = ours(request)
    if session.policy is None:
        return True
    return not why_not(session.policy.effective, session.attempt(address=get_client_ip(request) or "", at=clock()))

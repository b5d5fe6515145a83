"""What changes something counts once: the key of a call keeps its answer, whatever that was."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Header
from pydantic import BaseModel

from noren.api import clock, problems
from noren.api.asking import Request
from noren.kit.errors import Refusal
from noren.sso import actions as sso
from noren.sso.actions import Answer, Call, CallConflict

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{8,128}$",
        description=_(
            "A key of your own for this call, such as a UUID. The same call with the same key is done once and gets "
            "the same answer for a day; another call with it is refused."
        ),
    ),
]


def once(
    request: Request, key: str, asked: BaseModel, act: Callable[[], BaseModel], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Do what is asked, or give the answer that the key has already. Raises CallConflict, ApiRefusal.

    A refusal of the ledger is an answer, too, and is kept; what the door itself says no to is not: the same call may be
    sent again with another token.
    """
    call = Call(request.auth.client_id, key, f"{request.path}\n{request.auth.account_id}\n{asked.model_dump_json()}")
    try:
        return _answer(call, lambda: Answer(status, act().model_dump_json()))
    except (problems.ApiRefusal, CallConflict):
        raise
    except Refusal as refusal:
        # What was begun is undone with its transaction, so the answer is kept in one of its own.
        refused = Answer(problems.status_of(refusal), problems.body(refusal))
        return _answer(call, lambda: refused)


@transaction.atomic
def _answer(call: Call, do: Callable[[], Answer]) -> HttpResponse:
    """The answer that the key has, or the one that is found now and kept."""
    kept = sso.begin_call(call, now=clock.now())
    answer = kept or do()
    if kept is None:
        sso.end_call(call, answer)
    media_type = problems.MEDIA_TYPE if answer.status >= HTTPStatus.BAD_REQUEST else "application/json"
    headers = {"Idempotency-Replayed": "true"} if kept else {}
    return HttpResponse(answer.body.encode(), status=answer.status, content_type=media_type, headers=headers)

"""The dry run: judge rows from the facts as they are, with statements over all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.bulk import authority
from noren.bulk.authority import Authority
from noren.bulk.models import Job
from noren.bulk.rules import (
    FROM,
    PERSON,
    TARGETS,
    JobState,
    Operation,
)
from noren.groups.actions import WrongState
from noren.groups.queries import UnknownGroup
from noren.groups.rules import HOLDERS_PER_GROUP, MEMBERS_PER_GROUP, OF_UNITS, RANKS, GroupState, Role
from noren.kit import sql
from noren.kit.actor import Actor, ActorKind

JUDGES = {
    Operation.ISSUE: "judge_issue.sql",
    Operation.CHANGE: "judge_change.sql",
    Operation.MEMBERSHIP: "judge_membership.sql",
    Operation.PERMISSION: "judge_permission.sql",
    Operation.LOCK: "judge_state.sql",
    Operation.UNLOCK: "judge_state.sql",
    Operation.ABOLISH: "judge_state.sql",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Row numbers from first to last. `anew`: every readable row, and not just those that are still to be done."""

    first: int = 0
    last: int = 2**31 - 1
    anew: bool = True


EVERY = Span()
BEGIN = ("begin_wanted.sql", "begin_judging.sql", "begin_verdicts.sql", "empty.sql")


def actor_of(text: str) -> Actor:
    """The actor that a job has kept."""
    kind, _colon, name = text.partition(":")
    return Actor(ActorKind(kind), name)


@transaction.atomic
def dry_run(job: Job, now: datetime) -> None:
    """Judge every row and keep what comes of it. Raises NotAllowed, UnknownGroup, WrongState."""
    judge(job, actor_of(job.made_by), EVERY, now)
    sql.run("bulk", "write_verdicts.sql", {"job_id": job.job_id})
    [(job.to_do, job.nothing, job.errors)] = sql.rows(
        lambda *counts: counts, "bulk", "count_verdicts.sql", {"job_id": job.job_id}
    )
    job.state, job.judged_at, job.done, job.total = JobState.JUDGED, now, job.rows, job.rows
    job.save(update_fields=["state", "judged_at", "to_do", "nothing", "errors", "done", "total", "failure"])


def judge(job: Job, actor: Actor, span: Span, now: datetime) -> None:
    """Fill bulk_judged with what the rows come to now. Raises NotAllowed, UnknownGroup, WrongState."""
    operation = Operation(job.operation)
    powers = authority.of(actor, operation, job.corporation_id)
    authority.must_cover(powers, operation, job.corporation_id, job.group_id)
    for statement in BEGIN:
        sql.run("bulk", statement)
    about = {
        "job_id": job.job_id,
        "first": span.first,
        "last": span.last,
        "anew": span.anew,
        "places": [place.place for place in powers],
        "ranks": [place.rank for place in powers],
        "covers": [place.covers for place in powers],
        "roles": [role.value for role in RANKS_UP],
        "top": RANKS[Role.ADMINISTRATOR],
        "touching": RANKS[Role.MANAGING_USER],
    }
    sql.run("bulk", "wanted.sql", about)
    sql.run("bulk", "analyze_wanted.sql")
    sql.run("bulk", "facts.sql", about)
    sql.run("bulk", "analyze.sql")
    sql.run("bulk", JUDGES[operation], {**_params(job, operation, now), "group_rank": _group_rank(powers, job)})


def _group_rank(powers: Authority, job: Job) -> int:
    """The asker's rank over the whole of the job's group."""
    return max((place.rank for place in powers if place.place == f"g:{job.group_id}"), default=0)


RANKS_UP = sorted(RANKS, key=RANKS.__getitem__)


def _params(job: Job, operation: Operation, now: datetime) -> dict[str, Any]:
    """What the judgement of the operation needs besides the facts of the rows."""
    if operation is Operation.CHANGE:
        return {"person": list(PERSON)}
    if operation in TARGETS:
        return {"target": TARGETS[operation].value, "from": sorted(state.value for state in FROM[operation])}
    group = held_group(job)
    if operation is Operation.ISSUE:
        return {
            "corporation_id": job.corporation_id,
            "today": localtime(now).date(),
            "group_id": job.group_id,
            "corporations": group["corporations"],
            "places": MEMBERS_PER_GROUP - group["members"],
            "group_name": group["name"],
        }
    if operation is Operation.MEMBERSHIP:
        places = {"places": MEMBERS_PER_GROUP - group["members"], "group_name": group["name"]}
        return {**places, "group_id": job.group_id, "corporations": group["corporations"]}
    return {
        "group_id": job.group_id,
        "corporations": group["corporations"],
        "holders": HOLDERS_PER_GROUP - group["holders"],
        "roles": [role.value for role in RANKS_UP],
        "of_units": sorted(role.value for role in OF_UNITS),
    }


NO_GROUP: Mapping[str, Any] = {"name": "", "members": 0, "holders": 0, "corporations": []}


def held_group(job: Job) -> Mapping[str, Any]:
    """The job's group, kept from everybody else until the transaction ends. Raises UnknownGroup, WrongState."""
    if job.group_id is None:
        return NO_GROUP
    found = sql.mappings("bulk", "group.sql", {"group_id": job.group_id})
    if not found:
        raise UnknownGroup(_("There is no such group."))
    if found[0]["state"] != GroupState.ACTIVE:
        message = _("The group %(name)s is %(state)s; this cannot be done with it.")
        raise WrongState(message, name=found[0]["name"], state=found[0]["state"])
    return found[0]

"""Carry bulk jobs out, in a process of its own on the data directory that the environment names.

python -m benchmarks.jobber add FILE OPERATION | commit JOB

Each prints the seconds of its steps and the job as JSON. Python's start is not counted.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import django

from benchmarks.place import Place
from benchmarks.watch import Ran

AT = datetime(2021, 8, 10, 3, tzinfo=UTC)
CORPORATION = "C1"


def run(here: Place, *arguments: object) -> tuple[dict[str, Any], Ran]:
    """Run this module on the place: what it told, and what the process cost. Raises watch.CommandError."""
    ran = here.python("benchmarks.jobber", *arguments)
    return json.loads(ran.output), ran


def main(what: str, *arguments: str) -> dict[str, object]:
    """Django first, then what needs it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
    django.setup()
    works: dict[str, Callable[..., dict[str, object]]] = {"add": _add, "commit": _commit}
    return works[what](*arguments)


def _add(path: str, operation: str) -> dict[str, object]:
    """Read and stage a file, then judge it."""
    from noren.bulk import actions, queries  # noqa: PLC0415  (they need Django's settings)
    from noren.bulk.rules import Operation  # noqa: PLC0415

    content = Path(path).read_bytes()
    wish = actions.Wish(Operation(operation), CORPORATION)
    began = time.perf_counter()
    added = actions.add(content, path, wish, again=True, actor=_actor(), now=AT)
    read = time.perf_counter()
    actions.work(lambda: AT)
    judged = time.perf_counter()
    job = queries.job(added.job_id)
    steps = {"read": round(read - began, 3), "judge": round(judged - read, 3), "seconds": round(judged - began, 3)}
    return {**steps, "job": str(job.job_id), "to_do": job.to_do, "errors": job.errors}


def _commit(job_id: str) -> dict[str, object]:
    """Order and carry out."""
    from noren.bulk import actions, queries  # noqa: PLC0415  (they need Django's settings)

    began = time.perf_counter()
    actions.commit(UUID(job_id), actor=_actor(), now=AT)
    actions.work(lambda: AT)
    seconds = round(time.perf_counter() - began, 3)
    job = queries.job(UUID(job_id))
    return {"seconds": seconds, "done": job.done, "changed": job.changed}


def _actor() -> Any:
    from noren.kit.actor import Actor, ActorKind  # noqa: PLC0415  (beside the others)

    return Actor(ActorKind.STAFF, "benchmark")


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))

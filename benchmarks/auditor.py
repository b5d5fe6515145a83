"""Write to the audit, link and verify it, in a process of its own on the data directory that the environment names.

python -m benchmarks.auditor statement COUNT | sent COUNT | seal | verify

Each prints the seconds and the rows as JSON. Python's start is not counted.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import django

from benchmarks.place import Place
from benchmarks.watch import Ran

WRITTEN_AT = datetime(2021, 8, 10, tzinfo=UTC)
STATEMENT = """
INSERT INTO audit_record (booked_at, actor, act, subject, scope, reason, before, after)
SELECT
    %(now)s, %(actor)s, 'account.lock', md5(number::text), 'C' || number %% 1000, 'benchmark',
    '{"state": "active", "lock_reason": ""}', jsonb_build_object('state', 'locked', 'lock_reason', 'administrator')
FROM generate_series(1, %(count)s) AS number
"""


def run(here: Place, *arguments: object) -> tuple[float, int, Ran]:
    """Run this module on the place: seconds, rows, and what the process cost. Raises watch.CommandError."""
    ran = here.python("benchmarks.auditor", *arguments)
    told = json.loads(ran.output)
    return float(told["seconds"]), int(told["rows"]), ran


def main(what: str, count: int) -> dict[str, float]:
    """Django first, then what needs it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
    django.setup()
    work = _works(count)[what]
    began = time.perf_counter()
    rows = work()
    return {"seconds": round(time.perf_counter() - began, 3), "rows": rows}


def _works(count: int) -> dict[str, Callable[[], int]]:
    from django.db import connection  # noqa: PLC0415  (they need Django's settings)

    from noren.audit import actions, verifying  # noqa: PLC0415
    from noren.audit.actions import Entry  # noqa: PLC0415
    from noren.kit.actor import Actor, ActorKind  # noqa: PLC0415
    from noren.kit.progress import silent  # noqa: PLC0415

    actor = Actor(ActorKind.STAFF, "benchmark")

    def statement() -> int:
        with connection.cursor() as cursor:
            cursor.execute(STATEMENT, {"now": WRITTEN_AT, "actor": str(actor), "count": count})
            return int(cursor.rowcount)

    def entries() -> Iterator[Entry]:
        before, after = {"state": "active", "lock_reason": ""}, {"state": "locked", "lock_reason": "administrator"}
        for number in range(count):
            scope = f"C{number % 1000}"
            yield Entry("account.lock", f"{number:032x}", scope=scope, reason="benchmark", before=before, after=after)

    def verify() -> int:
        done = verifying.verify(now=WRITTEN_AT, progress=silent)
        if done.findings or done.waiting:
            raise SystemExit(f"the chain is not whole: {done}")
        return done.links

    def sent() -> int:
        return actions.record_many(entries(), actor=actor, now=WRITTEN_AT)

    return {"statement": statement, "sent": sent, "seal": actions.seal, "verify": verify}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)))

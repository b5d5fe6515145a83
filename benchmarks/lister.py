"""Search a directory of people, in a process of its own on the data directory that the environment names.

python -m benchmarks.lister ROUNDS

Prints the milliseconds of each search as JSON, and those of a bare query of the same accounts.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django

from benchmarks.place import Place

FLOOR = "SELECT count(*), max(name_kana) FROM accounts_account WHERE corporation_id = 'C1'"
"""What any list that counts and orders must read."""


def run(here: Place, rounds: int) -> dict[str, list[float]]:
    """Run this module on the place: name of each search -> milliseconds. Raises watch.CommandError."""
    told: dict[str, list[float]] = json.loads(here.python("benchmarks.lister", rounds).output)
    return told


def main(rounds: int) -> dict[str, list[float]]:
    """Django first, then what needs it. Searches take turns, so that no one of them has the warm cache alone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
    django.setup()
    found: dict[str, list[float]] = {}
    for _round in range(rounds):
        for name, work in _works().items():
            began = time.perf_counter()
            work()
            found.setdefault(name, []).append(round((time.perf_counter() - began) * 1000, 2))
    return found


def _works() -> dict[str, Callable[[], object]]:
    from django.db import connection  # noqa: PLC0415  (they need Django's settings)

    from noren.accounts.rules import State  # noqa: PLC0415
    from noren.groups.queries import directory  # noqa: PLC0415
    from noren.groups.queries.directory import Search, Span  # noqa: PLC0415
    from noren.groups.rules import candidates  # noqa: PLC0415

    scope, now = candidates("C1"), datetime.fromtimestamp(time.time(), UTC)

    def people(**asked: Any) -> Callable[[], object]:
        return lambda: directory.people(scope, Search(**asked))

    def floor() -> object:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR)
            return cursor.fetchall()

    span = Span(since=now - timedelta(days=30), until=now)
    return {
        "floor": floor,
        "all": people(),
        "by name": people(text="ヤマダ"),
        "by number": people(text="E49"),
        "by phone": people(text="0900000123"),
        "nobody": people(text="nobody"),
        "locked": people(state=State.LOCKED),
        "ungrouped": people(ungrouped=True),
        "with a passkey": people(factor="passkey"),
        "without a factor": people(factor="no_own"),
        "unused": people(unused_since=now - timedelta(days=90)),
        "last used": people(order="used", descending=True),
        "page 800": people(offset=40_000),
        "overview": lambda: directory.coverage(scope, unused_since=now - timedelta(days=90)),
        "uses of a month": lambda: directory.uses(scope, span),
        "uses by day": lambda: directory.uses_by_day(scope, span),
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))

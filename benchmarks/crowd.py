"""Make what the sites are measured with, in a process of its own on the data directory that the environment names.

python -m benchmarks.crowd persons CORPORATION COUNT
python -m benchmarks.crowd files FOLDER LINES MONTHS SEED
python -m benchmarks.crowd readers FOLDER COUNT
python -m benchmarks.crowd buyers CORPORATION COUNT
python -m benchmarks.crowd primitives SECONDS

Each prints what it made as JSON.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import django

from benchmarks.place import Place


def make(here: Place, *arguments: object, **environment: str) -> dict[str, Any]:
    """Run this module on the place; gives what it printed. Raises watch.CommandError."""
    return dict(json.loads(here.python("benchmarks.crowd", *arguments, **environment).output))


def main(what: str, rest: Sequence[str]) -> dict[str, Any]:
    """Django first, then what needs it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
    django.setup()
    from benchmarks import buyers, history, persons, primitives  # noqa: PLC0415  (they need Django's settings)

    if what == "persons":
        return persons.make(rest[0], int(rest[1]))
    if what == "buyers":
        return {"buyers": buyers.make(rest[0], int(rest[1]))}
    if what == "files":
        return history.write(Path(rest[0]), *map(int, rest[1:]))
    if what == "readers":
        return history.readers(Path(rest[0]), int(rest[1]))
    return primitives.measure(float(rest[0]))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2:])))

"""Places that are filled once and kept: a test gets a copy of one, which takes a tenth of the time of filling it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from tests import servers
from tests.conftest import FOLDER, TEMPLATE, Place, copy_database, fresh_place, point_to
from tests.members.desk import Desk

Fill = Callable[[Desk], None]

_KEPT: dict[Fill, Place] = {}


@contextmanager
def filled(server: servers.Server, folder: Path, fill: Fill) -> Iterator[Desk]:
    """A desk at a place for this test alone, with what `fill` brings. The first test that asks fills it."""
    if fill not in _KEPT:
        _KEPT[fill] = _filled(server, fill)
    kept, home = _KEPT[fill], folder / "home"
    if kept.home.exists():
        shutil.copytree(kept.home, home)
    with fresh_place(server, home, template=kept.database) as place:
        yield Desk(place, folder)


def _filled(server: servers.Server, fill: Fill) -> Place:
    name = f"k{os.urandom(6).hex()}"
    folder = FOLDER / "kept" / name
    home = folder / "home"
    folder.mkdir(parents=True)
    copy_database(server, name, TEMPLATE)
    point_to(server, name)
    place = Place(home, server.conninfo(name), server, name)
    fill(Desk(place, folder / "files"))
    connections.close_all()
    return place

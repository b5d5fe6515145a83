from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from tests import servers
from tests.counter import shop
from tests.members.desk import Desk
from tests.shelf import filled


@pytest.fixture
def desk(server: servers.Server, tmp_path: Path) -> Iterator[Desk]:
    """A shop and its customers; the books balance when the test ends."""
    with filled(server, tmp_path, shop.fill) as made:
        yield made
        made.place.noren("verify")


@pytest.fixture
def client(desk: Desk) -> Client:
    """The clerk's browser, a second factor given just now."""
    del desk
    return shop.clerk()

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.members.desk import Desk
from tests.orders.shop import open_shop
from tests.shelf import filled


@pytest.fixture
def desk(server: servers.Server, tmp_path: Path) -> Iterator[Desk]:
    """A shop; the books balance when the test ends."""
    with filled(server, tmp_path, open_shop) as made:
        yield made
        made.place.noren("verify")

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.members.desk import Desk
from tests.shelf import filled
from tests.spending.desk import Billing

LINES = [f"L{number},C1,0900000000{number},mobile,2019-01-01,,2021-01-01," for number in range(1, 5)]


def lines(desk: Desk) -> None:
    """A corporation with four lines."""
    desk.bring("corporations", "C1,,見本商事,,corporation")
    desk.bring("lines", *LINES)


@pytest.fixture
def desk(server: servers.Server, tmp_path: Path) -> Iterator[Desk]:
    """A desk where a corporation with four lines is known; the books balance when the test ends."""
    with filled(server, tmp_path, lines) as made:
        yield made
        made.place.noren("verify")


@pytest.fixture
def billing(desk: Desk) -> Billing:
    """The billing system."""
    return Billing(desk)

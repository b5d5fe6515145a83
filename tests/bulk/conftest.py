from pathlib import Path

import pytest

from tests.bulk.desk import Jobs
from tests.conftest import Place
from tests.lifecycle import cast
from tests.members.desk import Desk


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    """A desk where two corporations are known."""
    desk = Desk(place, tmp_path)
    cast.corporations(desk)
    return desk


@pytest.fixture
def jobs(desk: Desk) -> Jobs:
    """The operator's jobs for C1."""
    del desk
    return Jobs()

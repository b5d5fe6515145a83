"""One desk for the tests of a file."""

from collections.abc import Iterator

import pytest

from noren.kit import duck
from tests.kit.intake.desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with duck.connect(tmp_path_factory.mktemp("scratch")) as (con, folder):
        yield Desk(con, folder)

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

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
def settings_off() -> Iterator[None]:
    """Joining is a step of its own."""
    with override_settings(NOREN_JOIN_WITH_ACCOUNT=False):
        yield

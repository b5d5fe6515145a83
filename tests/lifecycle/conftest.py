from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests import servers
from tests.lifecycle import cast
from tests.members.desk import Desk
from tests.shelf import filled


@pytest.fixture
def desk(server: servers.Server, tmp_path: Path) -> Iterator[Desk]:
    """A desk where two corporations are known."""
    with filled(server, tmp_path, cast.corporations) as made:
        yield made


@pytest.fixture
def settings_off() -> Iterator[None]:
    """Joining is a step of its own."""
    with override_settings(NOREN_JOIN_WITH_ACCOUNT=False):
        yield

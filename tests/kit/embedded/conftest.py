"""A home for each test, and one server that is only looked at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from noren.kit import embedded
from tests.kit.embedded.servers import folder, stopped_after


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder() as path:
        yield path


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with stopped_after(tmp_path / "home") as path:
        yield path


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """A server that is only looked at."""
    with folder() as parent, stopped_after(parent / "home") as path:
        embedded.start(path)
        yield path

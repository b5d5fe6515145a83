"""Each client is driven against the reference first: a script that fails there proves nothing about Noren."""

from collections.abc import Iterator

import pytest

from tests import servers
from tests.clients.providers import Provider, noren, reference
from tests.conftest import fresh_place


@pytest.fixture(params=["reference", "noren"], scope="module")
def provider(
    request: pytest.FixtureRequest, server: servers.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Provider]:
    if request.param == "reference":
        with reference() as started:
            yield started
    else:
        home = tmp_path_factory.mktemp("provider") / "home"
        with fresh_place(server, home) as place, noren(place) as started:
            yield started

"""Each client is driven against the reference first: a script that fails there proves nothing about Noren."""

from collections.abc import Iterator

import pytest

from tests.clients.providers import Provider, noren, reference
from tests.conftest import Place


@pytest.fixture(params=["reference", "noren"])
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    if request.param == "reference":
        with reference() as started:
            yield started
    else:
        place: Place = request.getfixturevalue("place")
        with noren(place) as started:
            yield started

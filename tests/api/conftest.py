from collections.abc import Iterator

import pytest

from noren.api import limits
from tests.api import partner as partners
from tests.api.partner import Partner
from tests.member_site import people
from tests.member_site.conftest import desk
from tests.members.desk import Desk

__all__ = ["desk"]


@pytest.fixture(autouse=True)
def _september(desk: Desk) -> Iterator[None]:
    """A1 has the lines L1 and L2; A2 is somebody else."""
    limits._window.number = 0
    people.account("A1", "C1", "L1", "L2")
    people.account("A2", "C2", "S1")
    with partners.at(desk.place):
        yield


@pytest.fixture
def partner() -> Partner:
    """A partner with a token of A1's for everything."""
    return Partner.registered().of("A1")

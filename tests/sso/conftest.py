"""The provider of the conformity tests, with more partners, and a person for each test."""

import json
from collections.abc import Iterator

import pytest

from tests.clients.cast import Party, own_key
from tests.clients.register import GRANTS, register
from tests.conformity.conftest import clock, later, op, standing
from tests.conformity.fapi import Client
from tests.conformity.op import Op
from tests.conftest import Place
from tests.points import crew as crews
from tests.points.crew import Crew
from tests.sso.cast import Deal, person

__all__ = ["client", "clock", "crew", "deal", "holder", "later", "machine", "op", "standing"]


@pytest.fixture
def holder(op: Op) -> Op:
    """The provider as a person of this test's own meets it."""
    return person(op)


@pytest.fixture
def deal(holder: Op) -> Deal:
    """What the partner `basic` has agreed with that person."""
    return Deal.of(holder, "basic")


@pytest.fixture(scope="module")
def machine(op: Op, standing: Place) -> str:
    """A partner that proves itself by a key, must show DPoP proofs and may use every kind of grant; its name."""
    party = Party("machine", "private_key_jwt", key=json.dumps(own_key("machine-1")))
    grants = [word for grant in GRANTS for word in ("--grant", grant)]
    op.parties["machine"] = register(standing, party, *grants, "--require-dpop")
    return "machine"


@pytest.fixture
def client(holder: Op, machine: str) -> Client:
    """That partner."""
    return Client(holder, machine)


@pytest.fixture
def crew(standing: Place) -> Iterator[Crew]:
    """Sixteen at once."""
    del standing
    with crews.assembled() as crew:
        yield crew

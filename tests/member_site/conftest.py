from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.member_site import people
from tests.members.desk import Desk
from tests.shelf import filled

LINES = [
    "L1,C1,09000000001,mobile,2012-04-01,,2020-01-01,",
    "L2,C1,09000000002,mobile,2020-04-01,,2020-01-01,",
    "S1,C2,09000000009,mobile,2012-04-01,,2020-01-01,",
    "N1,C1,09000000008,mobile,2012-04-01,,,",
]
CONTRACTS = [
    "K1,C1,L1,,office_extension,2021-01-01,",
    "K2,C1,L1,,info_mail,2021-01-01,",
]
JULY = [
    "a,2021-07,L1,,basic_fee,4980",
    "b,2021-07,L1,,discount,-500",
    "c,2021-07,L1,,instalment,3000",
    "d,2021-07,L2,,call,1999",
    "e,2021-07,,A1,call,400",
    "f,2021-07,S1,,call,8000",
]
"""L1: 4,480 yen, 22 units of 5 points; L2: 9 units of 1; the account: 2 units of 1; the stranger: 40 of 3."""


@pytest.fixture
def desk(server: servers.Server, tmp_path: Path) -> Iterator[Desk]:
    """Two corporations; July and August 2021 closed: 121 points for July, 10 for August."""
    with filled(server, tmp_path, two_months) as made:
        yield made


def two_months(desk: Desk) -> None:
    """Import, close and close."""
    desk.bring("corporations", "C1,,見本商事,,corporation", "C2,,他社,,corporation")
    desk.bring("lines", *LINES)
    desk.bring("contracts", *CONTRACTS)
    people.account("A1")
    desk.close("2021-07", *JULY)
    desk.close("2021-08", "g,2021-08,L1,,call,400")

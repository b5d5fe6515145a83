"""Somebody with points: an account with two lines, two closed months, a solution contract, linked services."""

from dataclasses import dataclass
from datetime import date

from noren.accounts import actions as accounts
from noren.cli import arguments
from noren.kit.months import add_months, first_day, month_text
from tests.cast import ENGINEER
from tests.members.desk import Desk
from tests.site import Site

LINES = [
    "HL1,H1,09022220001,mobile,2012-04-01,,2020-01-01,",
    "HL2,H1,09022220002,mobile,2012-04-01,,2020-01-01,",
]
ITEMS = (("a", "HL1", "basic_fee", 4980), ("b", "HL1", "instalment", 3000), ("c", "HL2", "call", 1999))
POINTS = {"HL1": 96, "HL2": 36}
"""Of a month, at 4 for every 200 yen (premier: 120 months or more): 24 units and 9; an instalment earns nothing."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The person, and the last of the two months."""

    account_id: str
    login_id: str
    month: date

    @property
    def item(self) -> str:
        """The bill item of the last month that earns the most."""
        return f"{month_text(self.month)}-a"


def make(site: Site) -> Holder:
    """Bring in lines, account and bills, and close the last two months."""
    site.corporation("H1", name="東設計事務所", lines=tuple(LINES))
    login_id = "holder@example.jp"
    account_id = site.person(login_id, corporation_id="H1")
    desk = Desk(site.place, site.place.home / "files")
    desk.bring("contracts", "HK1,H1,HL1,,info_mail,2021-01-01,")
    for line in POINTS:
        accounts.link_line(account_id, line, actor=ENGINEER, now=arguments.clock())
    last = add_months(first_day(arguments.clock().date()), -1)
    for month in (add_months(last, -1), last):
        text = month_text(month)
        desk.close(text, *(f"{text}-{item},{text},{line},,{charge},{yen}" for item, line, charge, yen in ITEMS))
    return Holder(account_id, login_id, last)

"""An administrator uses the group's points for bills: ticked, looked at, confirmed, never twice; a file; every month."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page

from noren.accounts import queries as accounts
from noren.cli import arguments
from noren.groups import queries as groups
from noren.kit.months import month_text
from noren.lifecycle import actions as lifecycle
from noren.members.rules import MemberKind, uid_of
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import LotKey, WalletKey
from noren.spending import queries, rules
from tests.browser import looking
from tests.browser.people import arrive, press, texts
from tests.cast import ENGINEER
from tests.site import Site


def lines(language: str) -> list[str]:
    return [f"GB{number}-{language}" for number in (1, 2)]


@pytest.fixture
def leader(page: Page, site: Site, language: str) -> tuple[Page, UUID]:
    """The browser of somebody who represents a group with two lines and 1,000 points; the group."""
    corporation, now = f"GB-{language}", arguments.clock()
    known = accounts.by_login(f"group-payer-{language}@example.jp")
    if known:
        group = groups.group_of(known.account_id)
        assert group is not None
        return arrive(page, site, known.account_id), group.group_id
    who: dict[str, Any] = {"actor": ENGINEER, "now": now}
    rows = [
        f"{line},{corporation},0904444{line[2]}{language},mobile,2019-04-01,,2020-01-01," for line in lines(language)
    ]
    site.corporation(corporation, name="東運輸", lines=tuple(rows))
    account = site.person(f"group-payer-{language}@example.jp", corporation_id=corporation, language=language)
    for days, amount in ((30, 300), (400, 700)):
        points.grant(
            wallet=WalletKey(uid_of(MemberKind.LINE, lines(language)[0]), "line", lines(language)[0]),
            lot=LotKey("normal", is_limited=False, uses="*", lapses_on=now.date() + timedelta(days=days)),
            points=amount,
            on=now.date(),
            key=f"gift/{days}",
            reason="gift",
            **who,
        )
    made = lifecycle.create_group(corporation_id=corporation, name="東", representative=account, **who)
    lifecycle.join_group(made, line_ids=lines(language), **who)
    return arrive(page, site, account), made


def test_bills_are_paid_from_the_pool_once(leader: tuple[Page, UUID], language: str) -> None:
    page, group = leader
    first, second = (str(uid_of(MemberKind.LINE, line)) for line in lines(language))
    page.goto(f"/manage/points/{group}/")
    looking.see(page, language)
    press(page, f"main a[href$='/points/{group}/bills/']")
    looking.see(page, language)
    for box in page.locator("main input[name=member]").all():
        if box.get_attribute("value") in {first, second}:
            box.check()
    press(page, "button[name=once]")
    looking.see(page, language)
    page.locator("[name=each]").fill("150")
    page.locator(f"[name='points-{second}']").fill("250")
    press(page, "main form .actions button.primary")
    looking.see(page, language)
    assert texts(page.locator("dl.facts dd")) == ["300", "100", "600"]
    sent = page.evaluate("Object.fromEntries(new FormData(document.querySelector('main form')))")
    sent["looked_at"] = page.locator("button[name=looked_at]").get_attribute("value")
    press(page, "button[name=looked_at]")
    looking.see(page, language)
    again = page.request.post(f"/manage/points/{group}/bills/pay/", form=sent, max_redirects=0)
    assert (again.status, again.headers["location"]) == (302, f"/manage/points/{group}/bills/")
    assert books.balance(group, arguments.clock().date()).total == 600
    assert sorted(row.points for row in queries.allocations([group])) == [150, 250]
    for path in ("allocations/", "use/"):
        page.goto(f"/manage/points/{group}/{path}")
        looking.see(page, language)


def test_a_file_of_bills_and_points_every_month(leader: tuple[Page, UUID], language: str) -> None:
    page, group = leader
    one, other = lines(language)
    page.goto(f"/manage/points/{group}/bills/file/")
    looking.see(page, language)
    content = f"member,points\n{one},10\nnobody,5\n"
    page.locator("[name=file]").set_input_files({"name": "b.csv", "mimeType": "text/csv", "buffer": content.encode()})
    press(page)
    looking.see(page, language)
    press(page, "main section a.primary")
    looking.see(page, language)
    press(page, "button[name=looked_at]")
    assert queries.allocations([group])[0].points == 10
    page.goto(f"/manage/points/{group}/bills/?text={other}")
    page.locator("main input[name=member]").check()
    press(page, "button[name=every]")
    looking.see(page, language)
    page.locator("[name=points]").fill("30")
    press(page)
    looking.see(page, language)
    [made] = queries.standing([group])
    assert (made.points, month_text(made.since)) == (30, month_text(rules.month_for(arguments.clock())))
    page.goto(f"/manage/points/{group}/allocations/")
    looking.see(page, language)
    press(page, "main section form button")
    assert queries.standing([group]) == []

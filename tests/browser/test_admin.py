"""An administrator at the admin site, in both languages: every page can be used by everybody, and the work gets done."""

from typing import Any

import pytest
from playwright.sync_api import Page

from noren.accounts import queries
from noren.accounts.rules import State
from noren.cli import arguments
from noren.groups import actions as groups
from noren.lifecycle import actions as lifecycle
from tests.browser.looking import see
from tests.browser.people import arrive, fill, press
from tests.cast import ENGINEER
from tests.site import Site

NUMBERS = {"ja": "1", "en": "2"}


@pytest.fixture
def company(site: Site, language: str) -> tuple[str, str]:
    """A corporation with a line, its administrator and an employee; gives the ids of both accounts."""
    corporation = f"A{NUMBERS[language]}"
    if not queries.by_login(f"boss-{language}"):
        line = f"{corporation}L,{corporation},0904444000{NUMBERS[language]},mobile,2015-01-01,,2021-07-01,"
        site.corporation(corporation, name="南製作所", lines=(line,))
        who: dict[str, Any] = {"actor": ENGINEER, "now": arguments.clock()}
        boss = site.person(f"boss-{language}", corporation_id=corporation, password="", language=language)
        site.person(
            f"kenta-{language}", corporation_id=corporation, password="", name="鈴木健太", name_kana="スズキ ケンタ"
        )
        groups.make_administrator(boss, **who)
        lifecycle.link_line(boss, f"{corporation}L", pin=None, **who)
    found = [queries.by_login(f"{name}-{language}") for name in ("boss", "kenta")]
    return tuple(one.account_id for one in found if one)  # type: ignore[return-value]


@pytest.fixture
def boss(page: Page, site: Site, company: tuple[str, str]) -> Page:
    """The administrator's page."""
    return arrive(page, site, company[0])


def test_a_group_and_who_is_in_it(boss: Page, company: tuple[str, str], language: str) -> None:
    for path in (
        "",
        "accounts/",
        "accounts/issue/",
        "groups/",
        "groups/permissions/",
        "groups/make/",
        "groups/apply/",
        "use/",
    ):
        boss.goto(f"/manage/{path}")
        see(boss, language)
    boss.goto("/manage/groups/make/")
    fill(boss, name=f"Sales {language}", login_id=f"boss-{language}")
    press(boss)
    group = boss.url
    boss.goto(f"{group}units/")
    fill(boss, name="Osaka")
    press(boss)
    boss.goto(f"{group}add/")
    see(boss, language)
    boss.get_by_role("checkbox").first.check()
    press(boss, "form[method=post] button.primary")
    assert boss.locator(".rows").first.is_visible()
    for path in ("", "settings/", "units/", "representative/", "dissolve/"):
        boss.goto(f"{group}{path}")
        see(boss, language)
    boss.goto(f"/manage/accounts/of/{company[1]}/")
    see(boss, language)
    for path in ("data/", "id/", "contact/", "lines/"):
        boss.goto(f"/manage/accounts/of/{company[1]}/{path}")
        see(boss, language)


def test_search_tick_confirm_done(boss: Page, company: tuple[str, str], language: str) -> None:
    boss.goto("/manage/accounts/")
    fill(boss, text="すずき")
    press(boss, "form.filter button")
    boss.locator("tbody input[type=checkbox]").check()
    boss.locator("select[name=act]").select_option("lock")
    press(boss, "fieldset.acts button")
    see(boss, language)
    fill(boss, reason="lost telephone")
    press(boss, "main form button.primary")
    see(boss, language)
    assert boss.locator("tbody .badge.good").count() == 1
    assert queries.account(company[1]).state is State.LOCKED
    boss.goto(f"/manage/accounts/act/unlock/?account={company[1]}")
    press(boss, "main form button.primary")
    assert queries.account(company[1]).state is State.ACTIVE


def test_a_person_is_issued_and_invited(boss: Page, site: Site, language: str) -> None:
    boss.goto("/manage/accounts/issue/")
    mail = f"newcomer-{language}@example.jp"
    fill(boss, name="新人", name_kana="シンジン", login_id=mail, contact_mail=mail)
    press(boss)
    assert "/manage/accounts/of/" in boss.url
    invitation = site.await_mail(mail)
    assert "/join/invitation/" in invitation.text

"""A company comes in: from a sheet of 300 people to employees with passkeys, a delegate, a policy, a lost telephone."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page

from noren.accounts import queries
from noren.cli import arguments
from noren.groups import actions as groups
from tests import soak
from tests.browser.conftest import Watch, authenticator, new_context
from tests.browser.looking import see
from tests.browser.people import arrive, fill, press
from tests.cast import ENGINEER
from tests.site import Site

PEOPLE = soak.many(300, 3_000)
PASSKEY = "form[data-passkey] button"
HEADS = ["login_id", "name", "name_kana", "employee_number", "department", "contact_mail", "unit"]
UNTIL_SECONDS = 120


def a_sheet(folder: Path, language: str) -> Path:
    """What the personnel department has: numbers with leading zeros as text, one mistake."""
    path = folder / f"people-{language}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADS)
        for row in range(1, PEOPLE + 1):
            mail = f"e{row}-{language}@example.jp"
            cells = [mail, f"社員 {row}", "シャイン", f"{row:05}", "営業部", mail, "Osaka" if row <= 10 else ""]
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)
        sheet.write_string(PEOPLE + 1, 0, "nobody@example.jp")
    return path


@pytest.fixture
def boss(page: Page, site: Site, language: str) -> Page:
    """The administrator of a company with a line, which has a group with a site."""
    corporation = f"B{language}"
    line = (
        f"{corporation}L,{corporation},0905555000{len(language) + ord(language[0]) % 7},mobile,2015-01-01,,2021-07-01,"
    )
    site.corporation(corporation, name="西電機", lines=(line,))
    who: dict[str, Any] = {"actor": ENGINEER, "now": arguments.clock()}
    account_id = site.person(f"head-{language}", corporation_id=corporation, password="", language=language)
    groups.make_administrator(account_id, **who)
    return arrive(page, site, account_id)


@pytest.fixture
def employee(browser: Browser, site: Site, language: str, watch: Watch) -> Iterator[Page]:
    """Another browser, on a device that keeps passkeys."""
    context = new_context(browser, site, language, watch)
    page = context.new_page()
    authenticator(page)
    yield page
    context.close()


def wait_for(page: Page, selector: str) -> None:
    """The job's page loads itself again until the work is done."""
    end = time.monotonic() + UNTIL_SECONDS
    while not page.locator(selector).count():
        assert time.monotonic() < end, page.locator("main").inner_text()
        page.wait_for_timeout(300)


def invited(site: Site, mail: str) -> str:
    found = re.search(r"https?://\S+/join/invitation/\S+", site.await_mail(mail, seconds=UNTIL_SECONDS).text)
    assert found is not None
    return found[0]


def test_from_a_sheet_to_a_locked_telephone(
    boss: Page, employee: Page, site: Site, language: str, tmp_path: Path
) -> None:
    group = _a_group(boss, language)
    _issue(boss, group, a_sheet(tmp_path, language), language)
    _sets_up_a_passkey(employee, invited(site, f"e1-{language}@example.jp"))
    _delegates(boss, employee, language)
    _sets_a_policy(boss, language)
    _finds_who_has_no_factor(boss, language)
    _locks(boss, employee, language)


def _a_group(boss: Page, language: str) -> str:
    boss.goto("/manage/groups/make/")
    fill(boss, name=f"Sales {language}", login_id=f"head-{language}")
    press(boss)
    group = boss.url
    boss.goto(f"{group}units/")
    fill(boss, name="Osaka")
    press(boss)
    return group.rstrip("/").rpartition("/")[2]


def _issue(boss: Page, group: str, sheet: Path, language: str) -> None:
    boss.goto("/manage/jobs/")
    see(boss, language)
    boss.locator("select[name=group]").select_option(group)
    boss.locator("input[name=file]").set_input_files(sheet)
    press(boss, "form[enctype] button.primary")
    wait_for(boss, "form[action$='/commit/'] button")
    see(boss, language)
    assert boss.locator(".badge.bad").count() == 0, "the mistake is on the last page"
    press(boss, "form[action$='/commit/'] button")
    wait_for(boss, "form[action$='/undo/'] button")
    with boss.expect_download() as file:
        boss.locator("a[href$='/result/xlsx/']").click()
    assert file.value.path().read_bytes()[:2] == b"PK"


def _sets_up_a_passkey(employee: Page, link: str) -> None:
    employee.goto(link)
    press(employee, "button[name=by][value=passkey]")
    press(employee, PASSKEY)
    employee.goto("/")
    assert employee.locator(".me").count() == 1


def _delegates(boss: Page, employee: Page, language: str) -> None:
    account = queries.by_login(f"e1-{language}@example.jp")
    assert account is not None
    boss.goto(f"/manage/accounts/act/grant/?account={account.account_id}")
    boss.locator("select[name=role]").select_option("manage_users")
    boss.locator("select[name=place]").select_option(label=f"Sales {language} / Osaka")
    press(boss, "main form button.primary")
    employee.goto("/manage/accounts/")
    if "/manage/" not in employee.url:
        press(employee, PASSKEY)
    assert employee.locator("tbody tr").count() == 10


def _sets_a_policy(boss: Page, language: str) -> None:
    boss.goto("/manage/security/corporation/")
    for method in ("passkey", "totp", "mail"):
        boss.locator(f"input[name=methods][value={method}]").check()
    fill(boss, session_minutes="480")
    press(boss)
    see(boss, language)
    press(boss, "button[name=set]")
    assert boss.locator(".ticks li").count() == 2


def _finds_who_has_no_factor(boss: Page, language: str) -> None:
    boss.goto("/manage/accounts/?factor=no_own&state=invited")
    assert f"{PEOPLE - 1}" in boss.locator("main").inner_text()
    boss.goto("/manage/accounts/?factor=passkey")
    assert boss.locator("tbody tr").count() == 1
    see(boss, language)


def _locks(boss: Page, employee: Page, language: str) -> None:
    account = queries.by_login(f"e1-{language}@example.jp")
    assert account is not None
    boss.goto(f"/manage/accounts/act/lock/?account={account.account_id}")
    fill(boss, reason="lost telephone")
    press(boss, "main form button.primary")
    employee.goto("/")
    assert "/account/login/" in employee.url
    boss.goto("/manage/audit/")
    assert "lost telephone" in boss.locator("main").inner_text()
    see(boss, language)

"""Every page, in both languages, wide and narrow: axe finds nothing, nothing scrolls sideways, the keyboard gets everywhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser, Page

from noren.members.rules import MemberKind, uid_of
from tests.browser.conftest import Watch, new_context
from tests.browser.looking import WIDE, look_at
from tests.browser.people import sign_in
from tests.site import Site

LOGIN = "pages@example.jp"
NOT_PAGES = {
    "health": "told to machines",
    "set_language": "takes a button of every page",
    "member_history_csv": "a file",
}
"""Named addresses that are no pages."""

ONLY_ON_THE_WAY = {
    "account_confirm_login_code": "between password and sign-in",
    "account_confirm_password_reset_code": "after asking for a code",
    "account_complete_password_reset": "after the code",
    "account_lines_code": "after a number was given",
}
"""Pages within a journey: the journeys look at them."""

PAGES = """([paths, credentials]) => Promise.all(paths.map(async path => {
  const answer = await fetch(path, {redirect: 'manual', credentials});
  return ![0, 405].includes(answer.status) && answer.headers.get('content-type').startsWith('text/html');
}))"""
"""Which addresses show a page to this person: they neither lead elsewhere nor only take posts."""

EVERYBODY, THIS_PERSON = "omit", "same-origin"


def named(patterns: Any = None, under: str = "") -> Iterator[tuple[str, str]]:
    """Each named address of the site: its name and its route."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = under + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from named(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and entry.name:
            yield entry.name, route


def with_arguments(account_id: str) -> list[str]:
    """Pages whose address says of what they are."""
    uid = uid_of(MemberKind.ACCOUNT, account_id)
    steps = [reverse("join_step", args=[name]) for name in ("kind", "corporation")]
    links = [reverse(name, args=["not-a-ticket"]) for name in ("self_lock", "invitation", "letter")]
    return [*steps, *links, reverse("member_why", args=["2026-10", uid]), "/no/such/page"]


def addresses(account_id: str) -> list[str]:
    """All that are looked at."""
    plain = [reverse(name) for name, route in named() if "<" not in route and name not in NOT_PAGES]
    return list(dict.fromkeys([*plain, *with_arguments(account_id)]))


@pytest.fixture(scope="package")
def account_id(shared_site: Site) -> str:
    return shared_site.person(LOGIN)


@pytest.fixture(scope="package")
def signed_in(browser: Browser, shared_site: Site, account_id: str) -> Any:
    """The cookies of a person who has signed in."""
    del account_id
    context = browser.new_context(base_url=shared_site.url)
    page = context.new_page()
    sign_in(page, shared_site, LOGIN)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def visitor(browser: Browser, site: Site, language: str, watch: Watch) -> Iterator[Page]:
    """A browser of somebody who has not signed in."""
    watch.expected.append("the server responded with a status of 4")
    context = new_context(browser, site, language, watch, viewport=WIDE)
    yield context.new_page()
    context.close()


@pytest.fixture
def member(browser: Browser, site: Site, language: str, watch: Watch, signed_in: Any) -> Iterator[Page]:
    """A browser of somebody who has."""
    watch.expected.append("the server responded with a status of 4")
    context = new_context(browser, site, language, watch, viewport=WIDE, storage_state=signed_in)
    yield context.new_page()
    context.close()


def test_pages_for_everybody(visitor: Page, language: str, account_id: str) -> None:
    visitor.goto("/no/such/page")
    seen = look_at_all(visitor, language, pages(visitor, addresses(account_id), EVERYBODY))
    assert {"/account/login/", "/account/password/reset/", "/join/", "/no/such/page"} <= seen


def test_pages_for_those_who_signed_in(member: Page, language: str, account_id: str) -> None:
    member.goto("/no/such/page")
    paths = addresses(account_id)
    own = pages(member, paths, THIS_PERSON) - pages(member, paths, EVERYBODY)
    seen = look_at_all(member, language, own)
    assert {"/", "/history/", "/months/", "/membership/", "/account/", "/account/activity/"} <= seen


def pages(page: Page, paths: list[str], whose: str) -> set[str]:
    """Those of the addresses that are pages to everybody, or to this person."""
    return {path for path, is_page in zip(paths, page.evaluate(PAGES, [paths, whose]), strict=True) if is_page}


def look_at_all(page: Page, language: str, paths: set[str]) -> set[str]:
    """Look at every one of them; gives them back. Tells what is wrong with all of them at once."""
    wrong: list[str] = []
    for path in sorted(paths):
        page.goto(path)
        wrong.extend(f"{path}: {found}" for found in look_at(page, language))
    assert wrong == []
    return paths


def test_what_is_left_out_exists() -> None:
    names = {name for name, _route in named()}
    assert (set(NOT_PAGES) | set(ONLY_ON_THE_WAY)) <= names


def test_the_skip_link_leads_to_the_content(member: Page) -> None:
    member.goto("/account/")
    member.keyboard.press("Tab")
    assert member.locator(".skip").is_visible()
    member.keyboard.press("Enter")
    assert member.evaluate("document.activeElement.id") == "main"


def test_the_language_is_switched_on_the_page(visitor: Page, language: str) -> None:
    other = {"ja": "en", "en": "ja"}[language]
    visitor.goto("/account/login/?by=employee")
    visitor.locator(f".language button[lang={other}]").click()
    visitor.wait_for_load_state()
    assert visitor.locator("html").get_attribute("lang") == other
    assert visitor.url.endswith("/account/login/?by=employee")
    assert visitor.locator(f".language button[lang={other}]").get_attribute("aria-pressed") == "true"


def test_a_page_of_its_own_is_watched(visitor: Page, watch: Watch) -> None:
    """The watch itself: a request to another address is seen."""
    visitor.goto("/account/login/")
    visitor.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0)")
    assert watch.foreign == ["http://127.0.0.1:9/"] or watch.complaints
    watch.foreign.clear()
    watch.complaints.clear()

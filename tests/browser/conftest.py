"""Debian's Chromium on a running server. No page may ask anything of another address, or complain on the console."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright

from tests import chromium, servers
from tests.browser.holder import Holder, make
from tests.conftest import fresh_place, point_to
from tests.site import Site, running

AXE = Path(__file__).parents[1] / "clients/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LANGUAGES = {"ja": "ja-JP", "en": "en-GB"}
PATIENCE_MS = 10_000

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
"""Playwright's own loop runs in this thread; the tests themselves are not asynchronous."""


@dataclass
class Watch:
    """What the pages of a context did that they should not. `expected`: parts of console lines that a test provokes."""

    origins: set[str]
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and f"{parts.scheme}://{parts.netloc}" not in self.origins:
            self.foreign.append(request.url)

    def console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(part in message.text for part in self.expected):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def check(self) -> None:
        assert self.foreign == []
        assert self.complaints == []


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = chromium.launch(playwright)
    yield started
    started.close()


@pytest.fixture(scope="package")
def shared_site(server: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all journeys; use `site`."""
    home = tmp_path_factory.mktemp("site") / "home"
    with fresh_place(server, home) as place, running(place) as started:
        started.corporation("C1", name="北商事株式会社")
        yield started


@pytest.fixture(scope="package")
def holder(shared_site: Site) -> Holder:
    """Somebody with points on the shared site."""
    point_to(shared_site.place.server, shared_site.place.database)
    return make(shared_site)


@pytest.fixture
def site(shared_site: Site) -> Site:
    """The running server; Django in this process looks at its database."""
    point_to(shared_site.place.server, shared_site.place.database)
    return shared_site


@pytest.fixture(params=list(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    """Each journey is made in both languages."""
    return str(request.param)


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """What is looked at when the test ends. A partner service's address is added to `origins`."""
    kept = Watch({site.url})
    yield kept
    kept.check()


@pytest.fixture
def context(browser: Browser, site: Site, language: str, watch: Watch) -> Iterator[BrowserContext]:
    """A person's browser, with nothing in it yet."""
    with_it = new_context(browser, site, language, watch)
    yield with_it
    with_it.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def new_context(browser: Browser, site: Site, language: str, watch: Watch, **options: Any) -> BrowserContext:
    """Another browser of the same or another person; `options` as Playwright takes them."""
    made = browser.new_context(base_url=site.url, locale=LANGUAGES[language], **options)
    made.set_default_timeout(PATIENCE_MS)
    made.on("request", watch.request)
    made.on("console", watch.console)
    made.on("weberror", lambda error: watch.complaints.append(str(error.error)))
    return made


def authenticator(page: Page, **options: Any) -> str:
    """A passkey device in the page's browser: it says yes by itself, verifies its user and keeps its keys.

    Gives its id for WebAuthn.* commands. `options` change what WebAuthn.addVirtualAuthenticator is told.
    """
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        **options,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return str(made["authenticatorId"])


@cache
def _axe() -> str:
    assert AXE.is_file(), "axe-core is needed: scripts/needs installs it"
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[tuple[str, str, str]]:
    """What axe-core finds on the page as it stands against WCAG 2.2 A and AA: rule, element, why.

    The source is evaluated through the debugger, which no content policy forbids.
    """
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(_axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        (one["id"], node["html"][:200], node["failureSummary"]) for one in found["violations"] for node in one["nodes"]
    ]


def check_accessible(page: Page) -> None:
    """Fail with what axe-core finds on the page."""
    assert violations(page) == [], page.url

"""mod_auth_openidc, a certified relying party in Apache, against the reference provider and against Noren."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.clients.browser import Browser
from tests.clients.cast import AFTER_LOGOUT
from tests.clients.providers import HERE, Provider

APACHE = Path("/usr/sbin/apache2")
MODULES = Path("/usr/lib/apache2/modules")
CLAIMS = ("sub", "email", "name")
PAGE = "".join(f'{name}=<!--#echo encoding="none" var="OIDC_CLAIM_{name}" -->\n' for name in CLAIMS)


def wait_for(port: int) -> None:
    for _try in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on {port}")


@contextmanager
def apache(provider: Provider) -> Iterator[str]:
    """Apache on the provider's port for it, in a folder of its own; its base address."""
    if not (MODULES / "mod_auth_openidc.so").exists():
        pytest.fail("Apache's OpenID module is not installed; run scripts/needs.")
    folder = Path(tempfile.mkdtemp(prefix="noren-apache-", dir="/tmp"))
    user = pwd.getpwnam("www-data") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    (folder / "pages").mkdir()
    (folder / "pages" / "members.shtml").write_text(PAGE, encoding="utf-8")
    party = provider.parties["apache"]
    text = (HERE / "apache.conf").read_text(encoding="utf-8")
    filled = {
        "folder": folder, "port": provider.apache, "user": user.pw_name, "group": f"#{user.pw_gid}", "modules": MODULES,
        "issuer": provider.issuer, "client_id": party.client_id, "secret": party.secret,
        "redirect_uri": party.redirect_uri, "after_logout": AFTER_LOGOUT,
    }  # fmt: skip
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", str(value))
    (folder / "apache.conf").write_text(text, encoding="utf-8")
    folder.chmod(0o755)
    try:
        with subprocess.Popen([str(APACHE), "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"]) as process:
            try:
                wait_for(provider.apache)
                yield f"http://localhost:{provider.apache}"
            finally:
                process.terminate()
                process.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def claims(provider: Provider, browser: Browser, site: str) -> dict[str, str]:
    """Open the protected page, signing on if asked; what it shows."""
    landed = browser.visit(f"{site}/members.shtml", f"{site}/members.shtml", provider.answer)
    page = browser.get(landed)
    assert page.status_code == 200, page.text
    return dict(line.split("=", 1) for line in page.text.splitlines() if "=" in line)


def is_open(browser: Browser, site: str) -> bool:
    """Whether Apache still takes the browser for signed on."""
    return not browser.request("GET", f"{site}/members.shtml").is_redirect


def closes(browser: Browser, site: str, seconds: float = 15) -> bool:
    """Whether Apache has ended the browser's session before long."""
    until = time.monotonic() + seconds
    while is_open(browser, site) and time.monotonic() < until:
        time.sleep(0.1)
    return not is_open(browser, site)


def test_a_page_behind_apache_is_reached_and_left(provider: Provider) -> None:
    with apache(provider) as site, provider.person() as browser:
        found = claims(provider, browser, site)
        assert found["sub"] == provider.subject
        assert (found["email"], found["name"]) == ("hanako@example.jp", "山田花子")
        assert is_open(browser, site)

        leave = f"{site}/redirect?logout={quote(AFTER_LOGOUT, safe='')}"
        assert browser.visit(leave, AFTER_LOGOUT, provider.answer).startswith(AFTER_LOGOUT)
        assert not is_open(browser, site)


def test_the_end_of_a_session_reaches_apache_by_the_back_channel(provider: Provider) -> None:
    with apache(provider) as site, provider.person() as browser:
        claims(provider, browser, site)
        assert is_open(browser, site)

        provider.end(browser)

        assert closes(browser, site)


def test_signing_out_at_the_provider_itself_reaches_apache(provider: Provider) -> None:
    with apache(provider) as site, provider.person() as browser:
        claims(provider, browser, site)
        found = httpx.get(f"{provider.issuer}/.well-known/openid-configuration").json()
        browser.visit(found["end_session_endpoint"], "", provider.answer)

        assert closes(browser, site)

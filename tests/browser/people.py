"""What people do again and again in a browser."""

import re
import time
from urllib.parse import urlsplit

from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from playwright.sync_api import Locator, Page

from noren.accounts.sessions import SessionStore
from noren.cli import arguments
from noren.kit.secrets import hashed
from tests.clients.people import session_of
from tests.site import PASSWORD, Mail, Site

SESSION = "__Host-session"
MAIN = "main form button.primary"


def sign_in(page: Page, site: Site, login_id: str, password: str = PASSWORD) -> None:
    """Sign in with a password and, where it is asked, the code that is sent to the same address."""
    sent = len(site.mails(login_id))
    give_password(page, login_id, password)
    if "/login/code/" in page.url:
        give_code(page, site.await_mail(login_id, after=sent))
    if "/2fa/trust/" in page.url:
        press(page, "button[name=action][value=dont_trust]")
    assert page.url.startswith(site.url)
    assert not re.search(r"/account/(login|2fa)/", page.url), page.url


def give_password(page: Page, login_id: str, password: str = PASSWORD) -> None:
    """The first step."""
    page.goto("/account/login/")
    fill(page, login=login_id, password=password)
    press(page)


def give_code(page: Page, code: Mail | str) -> None:
    """The second step, by a code from a message, an app or a list."""
    fill(page, code=code if isinstance(code, str) else code.code)
    press(page)


def sign_out(page: Page) -> None:
    """By the button of every page."""
    press(page, ".me button")


def fill(page: Page, **typed: str) -> None:
    """Type into the fields of these names."""
    for name, text in typed.items():
        page.locator(f"main [name={name}]:not([type=hidden])").fill(text)


def press(page: Page, button: str = MAIN) -> None:
    """Press a button or follow a link, and wait for the page that comes. The first one, unless told more exactly."""
    with page.expect_navigation():
        page.locator(button).first.click()


def arrive(page: Page, site: Site, account_id: str) -> Page:
    """Let the page's browser be that of somebody who has signed in a moment ago, without going through the steps."""
    key = session_of(account_id, at=arguments.clock())
    assert site.url.startswith("http://localhost:")
    page.context.add_cookies(
        [{"name": SESSION, "value": key, "domain": "localhost", "path": "/", "secure": True, "httpOnly": True}]
    )
    return page


def is_in(page: Page) -> bool:
    """Whether the account pages open."""
    page.goto("/account/")
    return urlsplit(page.url).path == "/account/"


def methods(page: Page) -> list[str]:
    """How the person of this browser has signed in, as their session remembers it."""
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == SESSION)
    row = SessionStore.get_model_class().objects.get(session_key=hashed(key))
    records = SessionStore().decode(row.session_data)["account_authentication_methods"]
    return [record.get("type") or record.get("channel") or record["method"] for record in records]


def use_app(account_id: str) -> str:
    """Give the account an authenticator app; gives its secret."""
    secret = str(totp.generate_totp_secret())
    totp.TOTP.activate(get_user_model().objects.get(pk=account_id), secret)
    return secret


def app_code(secret: str, *, ahead: int = 0) -> str:
    """What the app shows now, or after so many steps of 30 seconds: no code counts twice."""
    counter = int(time.time()) // 30 + ahead
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def texts(found: Locator) -> list[str]:
    """What they say, one by one."""
    return [text.strip() for text in found.all_inner_texts()]

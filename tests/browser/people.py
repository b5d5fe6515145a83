"""What people do again and again in a browser."""

import re

from playwright.sync_api import Page

from tests.site import PASSWORD, Site


def sign_in(page: Page, site: Site, login_id: str, password: str = PASSWORD) -> None:
    """Sign in with a password and, where it is asked, the code that is sent to the same address."""
    sent = len(site.mails(login_id))
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(login_id)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()
    if "/login/code/" in page.url:
        page.locator("input[name=code]").fill(site.await_mail(login_id, after=sent).code)
        page.locator("input[name=code]").press("Enter")
        page.wait_for_url(re.compile(rf"^{re.escape(site.url)}/(?!account/login/)"))
    if "/2fa/trust/" in page.url:
        page.locator("main form button").last.click()
        page.wait_for_url(re.compile(rf"^{re.escape(site.url)}/(?!account/2fa/)"))

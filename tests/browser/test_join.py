"""A corporation without a line joins by itself; a sole proprietor applies."""

import re

from playwright.sync_api import Page

from tests.browser import looking
from tests.browser.people import fill, give_code, is_in, press, texts
from tests.site import PASSWORD, Site

NUMBERS = {"ja": "7000012050002", "en": "8000012010038"}
"""Each number joins once."""

NAME = "西工務店"


def begin(page: Page, kind: str, language: str) -> None:
    """Choose who joins."""
    page.goto("/join/")
    looking.see(page, language)
    press(page, "main a.button.primary")
    looking.see(page, language)
    page.locator(f"input[name=kind][value={kind}]").check()
    press(page)


def say_who(page: Page, mail: str, language: str) -> None:
    """The person's own data; the language of the page is the language of the mails."""
    assert page.locator("select[name=language]").input_value() == language
    looking.see(page, language)
    fill(page, name="西 太郎", name_kana="にし たろう", department="総務", mail=mail)
    press(page)


def agree(page: Page) -> None:
    """To the terms."""
    page.locator("input[name=agreed]").check()
    press(page)


def test_a_corporation_joins_in_six_steps(page: Page, site: Site, language: str) -> None:
    mail, number = f"join-{language}@example.jp", NUMBERS[language]
    begin(page, "corporation", language)

    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    fill(page, corporate_number=wrong, name=NAME, name_kana="ニシコウムテン")
    press(page)
    assert page.url.endswith("/join/corporation/")
    assert page.locator("[name=corporate_number]").get_attribute("aria-invalid") == "true"
    assert page.locator("[name=corporate_number]").input_value() == wrong
    assert page.locator("[name=name]").input_value() == NAME
    looking.see(page, language)
    fill(page, corporate_number=number)
    press(page)

    say_who(page, mail, language)
    code = site.await_mail(mail).code
    wrong_code = f"{(int(code) + 1) % 1_000_000:06}"
    give_code(page, wrong_code)
    assert page.locator("#id_code_error").is_visible()
    looking.see(page, language)
    give_code(page, code)

    assert page.url.endswith("/join/terms/")
    told = texts(page.locator("dl.facts dd"))
    assert told == [number, f"{NAME} (ニシコウムテン)", "西 太郎 (ニシ タロウ)", "総務", mail, mail]
    looking.see(page, language)
    agree(page)
    looking.see(page, language)
    fill(page, password=PASSWORD, again=PASSWORD)
    press(page)

    assert page.url.endswith("/join/welcome/")
    looking.see(page, language)
    assert mail in page.locator("main .lead").inner_text()
    press(page, ".links a[href='/']")
    assert page.locator(".figure strong").first.inner_text() == "0"
    assert is_in(page)


def test_a_sole_proprietor_applies_and_is_looked_at(page: Page, site: Site, language: str) -> None:
    mail = f"sole-{language}@example.jp"
    begin(page, "sole_proprietor", language)
    assert page.locator("[name=corporate_number]").count() == 0
    fill(page, name="南商店")
    press(page)
    say_who(page, mail, language)
    give_code(page, site.await_mail(mail))
    assert page.locator(".steps li").count() == 5
    agree(page)
    assert page.url.endswith("/join/received/")
    looking.see(page, language)
    answer = site.await_mail(mail, after=1)
    assert "南商店" in answer.text
    assert bool(re.search(r"[ぁ-ん]", answer.text)) == (language == "ja")


def test_going_back_keeps_what_was_typed_and_later_steps_wait(page: Page) -> None:
    page.goto("/join/password/")
    assert page.url.endswith("/join/kind/")
    page.locator("input[name=kind][value=corporation]").check()
    press(page)
    fill(page, corporate_number="12", name=NAME)
    press(page, "button[name=back]")
    press(page)
    assert page.locator("[name=corporate_number]").input_value() == "12"
    assert page.locator("[name=name]").input_value() == NAME

"""The whole way of somebody who is not signed in yet: password, code by mail, consent, back at the partner."""

from urllib.parse import urlsplit

import httpx

from tests import site
from tests.clients.browser import Browser, pressed
from tests.clients.cast import CALLBACK, SCOPE, parties
from tests.clients.register import register
from tests.clients.test_requests_oauth2client import client_of
from tests.conftest import Place

MAIL = "hanako@example.jp"


def test_a_person_signs_in_with_password_and_mail_code_and_comes_back(place: Place) -> None:
    with site.running(place) as started, Browser() as browser:
        started.corporation()
        started.person(MAIL)
        of = client_of(started.url, register(place, parties("http://localhost:9")["keyed"]))
        request = of.authorization_request(scope=SCOPE, acr_values="urn:noren:acr:2")
        pages: list[str] = []

        def answer(page: httpx.Response) -> dict[str, str]:
            pages.append(urlsplit(str(page.url)).path)
            if pages[-1] == "/account/login/":
                return {"login": MAIL, "password": site.PASSWORD}
            if pages[-1] == "/account/login/code/":
                return {**pressed(page), "code": started.await_mail(MAIL).code}
            return pressed(page)

        landed = browser.visit(request.uri, CALLBACK, answer)

        tokens = of.authorization_code(request.validate_callback(landed), validate=True)
        assert pages == ["/account/login/", "/account/login/code/", "/oidc/authorize"]
        assert of.userinfo(tokens)["email"] == MAIL
        assert (tokens.id_token.acr, set(tokens.id_token.amr)) == ("urn:noren:acr:2", {"pwd", "otp", "mfa"})

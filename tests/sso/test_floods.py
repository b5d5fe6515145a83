"""What costs the sender little must not cost the provider much."""

import json

from django.conf import settings
from django.test import override_settings

from tests.clients.browser import Browser
from tests.conformity.op import Op


def test_a_parameter_of_any_length_is_refused(holder: Op) -> None:
    for browser in (Browser(holder.transport), holder.browser()):
        page = holder.send(browser, holder.request(state="x" * 4_097)[0], post=True).page
        assert (page.status_code, "sso.request" in page.text) == (400, True)


def test_requests_of_strangers_that_wait_are_counted(holder: Op) -> None:
    with override_settings(NOREN_SIGN_INS_PER_MINUTE=2):
        answers = [holder.send(Browser(holder.transport), holder.request()[0]).page.status_code for _try in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_a_form_of_another_site_comes_back_as_a_get(holder: Op) -> None:
    """The cookies that SameSite=Lax keeps back come with it: nobody is signed out by it, or told so."""
    asked, _verifier = holder.request()
    for endpoint in ("authorization_endpoint", "end_session_endpoint"):
        answer = holder.http.post(holder.metadata[endpoint], data=asked)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(holder.metadata[endpoint].removeprefix(settings.NOREN_URL) + "?")
        assert "set-cookie" not in answer.headers


def test_codes_of_devices_cannot_be_tried_for_long(holder: Op) -> None:
    browser = holder.browser()
    answers = [browser.get(f"{holder.issuer}/oidc/device?user_code=BCDF-{n:04d}", "-").status_code for n in range(21)]
    assert answers == [400] * 20 + [429]


def test_what_is_too_deep_or_too_long_is_refused_as_a_program_reads_it(holder: Op) -> None:
    deep = "e30." + "W1tb" * 30_000 + ".x"
    form = {"grant_type": "client_credentials", "client_assertion": deep}
    form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    answer = holder.http.post(holder.metadata["token_endpoint"], data=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    answer = holder.http.post(holder.metadata["token_endpoint"], data={"grant_type": "x" * 3_000_000})
    assert (answer.status_code, json.loads(answer.text)["error"]) == (400, "invalid_request")

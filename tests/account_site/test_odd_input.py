"""What no browser of ours sends: it is refused, and nothing of it is kept."""

import json
import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from noren.account_site import forms
from noren.accounts.models import Session
from noren.accounts.passwords import LONGEST_TYPED
from noren.join_site.forms import Password
from tests.account_site.people import browser, person, signed_in
from tests.account_site.test_pages import stale

pytestmark = pytest.mark.usefixtures("place")

FULL = {"id": "AA", "rawId": "AA", "type": "public-key"}
ODD = [
    "[]",
    "1",
    '"x"',
    "null",
    '{"id":1}',
    "[" * 100_000 + "]" * 100_000,
    '{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
    json.dumps({**FULL, "response": []}),
    json.dumps({**FULL, "response": "x"}),
    json.dumps({**FULL, "response": {"userHandle": "AA"}}),
    json.dumps({**FULL, "response": {"clientDataJSON": "e30", "attestationObject": "AA"}}),
    json.dumps({**FULL, "response": {"clientDataJSON": "W10", "attestationObject": "oA"}}),
    json.dumps(
        {
            **FULL,
            "response": {"clientDataJSON": "e30", "authenticatorData": "A" * 50, "signature": "AA", "userHandle": "AA"},
        }
    ),
]


@pytest.mark.parametrize("credential", ODD, ids=range(len(ODD)))
def test_an_odd_passkey_is_none(credential: str) -> None:
    person()
    stranger, member = browser(), signed_in()
    stranger.get("/account/2fa/passkeys/login/", HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    member.get("/account/2fa/passkeys/add/")
    told = [
        stranger.post("/account/2fa/passkeys/login/", {"credential": credential}),
        member.post("/account/2fa/passkeys/add/", {"credential": credential, "name": "Key"}),
    ]
    assert [answer.status_code for answer in told] == [302, 200]


@pytest.mark.parametrize("form", [forms.AddPasskey, forms.PasskeySignIn, forms.PasskeySecondStep, forms.PasskeyAgain])
def test_no_passkey_brings_what_the_database_does_not_take(form: Any) -> None:
    field = form.base_fields["credential"]
    assert field.clean(json.dumps(FULL)) == FULL
    with pytest.raises(ValidationError):
        field.clean(json.dumps({**FULL, "more": "\0"}))


def test_a_session_is_not_named_by_what_no_key_can_be() -> None:
    person()
    client = signed_in()
    for key in ("\x00", "", "x" * 5000, "é"):
        assert client.post("/account/sessions/", {"key": key}).status_code == 404


def test_what_is_sent_when_the_person_must_prove_who_they_are_is_kept_nowhere() -> None:
    account_id, client = person(), signed_in()
    stale(client)
    cookie = client.cookies["__Host-session"].value
    answer = client.post("/account/data/?a=b", {"name": "my own secret", "language": "en"})
    assert answer["Location"] == "/account/reauthenticate/?next=%2Faccount%2Fdata%2F%3Fa%3Db"
    kept = json.dumps(Session.objects.get(account_id=account_id).get_decoded())
    assert "my own secret" not in kept
    assert cookie not in kept
    assert "HTTP_" not in kept


@pytest.mark.parametrize("url", ["password/change/", "reauthenticate/"])
def test_a_password_of_megabytes_is_refused_at_once(url: str) -> None:
    person()
    client = signed_in()
    endless = "a" + "1" * 30_000 + "a"
    began = time.monotonic()
    fields = dict.fromkeys(("oldpassword", "password", "password1", "password2"), endless)
    assert client.post(f"/account/{url}", fields).status_code == 200
    assert time.monotonic() - began < 2


def test_every_password_field_has_a_longest() -> None:
    for form in (Password(), forms.SetPassword(), forms.ChangePassword(), forms.NewPassword()):
        longest = [getattr(field, "max_length", None) for field in form.fields.values()]
        assert set(longest) == {LONGEST_TYPED}

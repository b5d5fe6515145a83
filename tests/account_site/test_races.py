"""One use only: sixteen that bring the same code at the same moment, from real connections and from two processes."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.test import Client

from noren.account_site import sign_in_factors
from tests import soak
from tests.account_site import people
from tests.account_site.people import browser, give_password, is_in, person
from tests.conftest import Place
from tests.points import crew as crews
from tests.points.crew import SIZE, Crew

pytestmark = pytest.mark.soak

ROUNDS = soak.many(10, 1_000)
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def crew(place: Place) -> Iterator[Crew]:
    del place
    with crews.assembled() as crew:
        yield crew


def with_app(account_id: str) -> None:
    TOTP.activate(get_user_model().objects.get(pk=account_id), SECRET)


def with_recovery_codes(account_id: str) -> list[str]:
    Authenticator.objects.filter(user_id=account_id, type="recovery_codes").delete()
    codes: list[str] = RecoveryCodes.activate(get_user_model().objects.get(pk=account_id)).generate_codes()
    return codes


def use(account_id: str, code: str, now: datetime, number: int) -> bool:
    del number
    return sign_in_factors.use(account_id, code, now=now) is not None


def app_code(step: int) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, step)))


def test_a_code_of_the_app_opens_for_one_of_sixteen(crew: Crew) -> None:
    account_id = person()
    with_app(account_id)
    for number in range(ROUNDS):
        now = people.now() + number * timedelta(seconds=30)
        code = app_code(int(now.timestamp()) // 30)
        used = crew.each(partial(use, account_id, code, now))
        assert sum(used) == 1, number


def test_a_recovery_code_opens_for_one_of_sixteen(crew: Crew) -> None:
    account_id = person()
    codes: list[str] = []
    for number in range(ROUNDS):
        codes = codes or with_recovery_codes(account_id)
        code = codes.pop()
        used = crew.each(partial(use, account_id, code, people.now()))
        assert sum(used) == 1, number


def test_different_recovery_codes_at_once_are_all_used_up(crew: Crew) -> None:
    account_id = person()
    codes = with_recovery_codes(account_id)
    used = crew.each(lambda number: sign_in_factors.use(account_id, codes[number % 10], now=people.now()))
    assert sum(found is not None for found in used) == 10
    assert RecoveryCodes(Authenticator.objects.get(user_id=account_id)).get_unused_codes() == []


def test_sixteen_browsers_with_one_code_give_one_that_is_signed_in(crew: Crew) -> None:
    account_id = person()
    with_app(account_id)
    clients = [browser(address=f"192.0.2.{number}") for number in range(SIZE)]
    for client in clients:
        assert give_password(client)["Location"] == "/account/2fa/authenticate/"
    code = app_code(int(people.now().timestamp()) // 30)

    def try_it(number: int) -> None:
        _post(clients[number], code)

    crew.each(try_it)
    assert sum(is_in(client) for client in clients) == 1


def _post(client: Client, code: str) -> None:
    client.post("/account/2fa/authenticate/", {"code": code})


PROCESS = """
import sys, time
from datetime import datetime, timedelta, UTC
import django
django.setup()
from noren.account_site import sign_in_factors
account_id, start, *codes = sys.argv[1:]
base, used = datetime.fromtimestamp(float(start), UTC), 0
for number, code in enumerate(codes):
    time.sleep(max(0, float(start) + number * 0.02 - time.time()))
    used += sign_in_factors.use(account_id, code, now=base + number * timedelta(seconds=30)) is not None
print(used)
"""


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_two_processes_use_each_code_once(place: Place, kind: str) -> None:
    account_id = person()
    start = time.time() + 4
    if kind == "app":
        with_app(account_id)
        codes = [app_code(int(start) // 30 + number) for number in range(40)]
    else:
        codes = with_recovery_codes(account_id)
    environment = {**place.environment, "DJANGO_SETTINGS_MODULE": "noren.config.settings"}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, account_id, str(start), *codes],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _process in range(2)
    ]
    counts = [int(process.communicate(timeout=120)[0]) for process in both]
    assert sum(counts) == len(codes), counts

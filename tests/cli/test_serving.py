"""`noren serve`: where it may listen, and how it ends."""

import signal
import socket
import time
import urllib.error
import urllib.request

import pytest

from noren.cli import arguments
from noren.cli.commands import serving
from noren.outbox import actions as outbox
from tests.conftest import Place
from tests.members.desk import begin
from tests.outbox.test_outbox import talking
from tests.site import running


def test_a_place_where_something_listens_is_refused_at_once(place: Place) -> None:
    place.home.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = begin(place, "serve", "--bind", f"127.0.0.1:{port}")
        out, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.startswith(f"[serve.port_taken] Cannot listen on 127.0.0.1:{port}: Address already in use.")
    assert out == ""


def test_a_second_server_does_not_share_the_place_of_the_first(place: Place) -> None:
    with running(place) as site:
        process = begin(place, "serve", "--bind", site.url.removeprefix("http://"))
        _out, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.startswith("[serve.port_taken]")


def test_a_name_stands_for_its_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert serving.must_be_free("localhost", port) in {"127.0.0.1", "::1"}


@pytest.mark.parametrize("bind", ["8000", "localhost:", "localhost:0", "localhost:65536", "localhost:80a"])
def test_an_address_that_is_none_is_refused(place: Place, bind: str) -> None:
    place.home.mkdir(parents=True, exist_ok=True)
    process = begin(place, "serve", "--bind", bind)
    _out, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert f"“{bind}” is not an address. Write it as HOST:PORT" in errors


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_told_to(place: Place, sign: signal.Signals) -> None:
    with running(place) as site:
        site.process.send_signal(sign)
        assert site.process.wait(timeout=20) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(site.url.rpartition(":")[2])), timeout=2)
        assert "Traceback" not in site.log.read_text(encoding="utf-8")


def test_partners_that_never_finish_their_answer_hold_up_no_mail(place: Place) -> None:
    drip = talking("HTTP/1.1 200 OK\r\nX: ", drip=lambda: time.sleep(0.2))
    with running(place) as site, drip as slow:
        for _number in range(12):
            outbox.post(url=slow, body="logout_token=x", now=arguments.clock())
        time.sleep(1)
        outbox.mail(to="hanako@example.jp", subject="Code", body="123456", now=arguments.clock())
        assert site.await_mail("hanako@example.jp", seconds=3).code == "123456"


@pytest.mark.parametrize(
    ("demo", "kind", "told"),
    [
        ("1", "file", "NOREN_DEMO must be on or off"),
        ("on", "", "NOREN_DEMO=on shows everybody what is sent"),
        ("on", "smtp", "NOREN_DEMO=on shows everybody what is sent"),
    ],
)
def test_what_is_sent_is_shown_only_where_it_is_meant(place: Place, demo: str, kind: str, told: str) -> None:
    done = place.alone("status", check=False, NOREN_DEMO=demo, NOREN_OUTBOX=kind)
    assert done.returncode == 1
    assert done.stderr.startswith(f"[setting] {told}")


@pytest.mark.parametrize(("demo", "status"), [("off", 404), ("on", 200)])
def test_the_page_of_what_was_sent_is_there_when_switched_on(place: Place, demo: str, status: int) -> None:
    with running(place, NOREN_DEMO=demo) as site:
        try:
            with urllib.request.urlopen(f"{site.url}/outbox/") as answer:  # noqa: S310  (our own address)
                found = answer.status
        except urllib.error.HTTPError as error:
            found = error.code
    assert found == status

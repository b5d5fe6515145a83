"""`noren serve`: where it may listen, and how it ends."""

import signal
import socket

import pytest

from tests.conftest import Place
from tests.members.desk import begin
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

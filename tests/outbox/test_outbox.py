"""Messages leave at least once, whatever happens to the one who carries them, and leave nothing behind."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http.client import BadStatusLine
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.db import connection, transaction

from noren.outbox import actions, carriers
from noren.outbox.carriers import carrier
from noren.outbox.models import Message
from noren.outbox.rules import CALLS, LETTERS, TRIES, wait
from tests.cast import NOW
from tests.conftest import Place


def write(subject: str = "Hello", body: str = "the code is 123456") -> None:
    actions.mail(to="hanako@example.jp", subject=subject, body=body, now=NOW)


def carry_all(carry: actions.Carrier, now: datetime = NOW) -> int:
    count = 0
    while actions.deliver(carry, lambda: now):
        count += 1
    return count


def fail(_message: Message) -> None:
    raise OSError("connection refused")


def test_a_mail_becomes_a_file_that_only_its_owner_reads_and_its_body_is_wiped(place: Place) -> None:
    write("件名", "本文 123456")
    assert carry_all(carrier("file", place.home)) == 1
    (path,) = (place.home / "outbox").glob("*.eml")
    assert "本文 123456" in path.read_text(encoding="utf-8")
    assert path.parent.stat().st_mode & 0o777 == 0o700
    sent = Message.objects.get()
    assert (sent.body, sent.tries, sent.sent_at) == ("", 1, NOW)
    assert carry_all(fail) == 0


def test_a_message_of_a_transaction_that_fails_is_never_sent(place: Place) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        write()
        raise ZeroDivisionError
    assert carry_all(carrier("file", place.home)) == 0


@pytest.mark.usefixtures("place")
def test_a_failed_message_is_tried_again_later_and_given_up_at_last() -> None:
    write()
    now = NOW
    for number in range(1, TRIES + 1):
        assert carry_all(fail, now) == 1
        assert carry_all(fail, now) == 0, "not at once"
        message = Message.objects.get()
        assert (message.tries, message.error) == (number, "OSError: connection refused")
        now = message.due_at
    assert (message.given_up_at is not None, message.body) == (True, "")
    assert carry_all(fail, now + timedelta(days=1)) == 0


def test_pauses_double_up_to_about_two_hours() -> None:
    pauses = [wait(tries) for tries in range(1, TRIES + 1)]
    assert pauses[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert pauses[-1] is None
    assert sum((pause for pause in pauses if pause), timedelta()) < timedelta(hours=2)


def test_one_killed_while_carrying_leaves_the_message_to_the_next(place: Place) -> None:
    write()

    def killed(_message: Message) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_all(killed)
    assert carry_all(carrier("file", place.home)) == 0, "the lease still runs"
    assert carry_all(carrier("file", place.home), NOW + actions.LEASE) == 1


@pytest.mark.usefixtures("place")
def test_several_at_a_time_carry_each_message_once() -> None:
    for number in range(40):
        write(str(number))
    seen: list[str] = []

    def work() -> None:
        try:
            carry_all(lambda message: seen.append(message.subject))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen, key=int) == [str(number) for number in range(40)]


@contextmanager
def partner(status: int, got: list[bytes]) -> Iterator[str]:
    """A partner's server that answers with the status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.end_headers()

        def do_GET(self) -> None:
            got.append(b"GET")
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/logout"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("status", "sent"), [(200, True), (204, True), (400, False), (503, False)])
def test_a_partner_is_called_and_its_answer_counts(place: Place, status: int, *, sent: bool) -> None:
    got: list[bytes] = []
    with partner(status, got) as url:
        actions.post(url=url, body="logout_token=x", now=NOW)
        assert carry_all(carrier("file", place.home)) == 1
    assert got == [b"logout_token=x"]
    assert (Message.objects.get().sent_at is not None) is sent


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_partner_leads_the_call_nowhere_else(place: Place, status: int) -> None:
    got: list[bytes] = []
    with partner(200, got) as elsewhere, talking(f"HTTP/1.1 {status} Go\r\nLocation: {elsewhere}\r\n\r\n") as url:
        actions.post(url=url, body="logout_token=x", now=NOW)
        assert carry_all(carrier("file", place.home)) == 1
    assert got == []
    assert Message.objects.get().error == f"OSError: HTTP {status}"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.jp/", "http:///", "http://[", "http://a b/", "x"])
def test_nothing_but_a_web_address_is_called(place: Place, url: str) -> None:
    actions.post(url=url, body="logout_token=x", now=NOW)
    assert carry_all(carrier("file", place.home)) == 1
    assert Message.objects.get().error


@contextmanager
def talking(answer: str, *, drip: Callable[[], object] | None = None) -> Iterator[str]:
    """A server that says this to whoever connects; with `drip` then a letter each time that returns, for ever."""
    server = socket.create_server(("127.0.0.1", 0))

    def talk(caller: socket.socket) -> None:
        with caller, suppress(OSError):
            caller.recv(65536)
            caller.sendall(answer.encode("latin-1"))
            while drip is not None:
                drip()
                caller.sendall(b"x")

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/logout"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


@pytest.mark.parametrize("answer", ["", "hello\r\n\r\n", "\0\r\n\r\n", "HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 200])
def test_whatever_a_partner_answers_the_call_ends_and_is_wiped_at_last(place: Place, answer: str) -> None:
    with talking(answer) as url:
        actions.post(url=url, body="logout_token=x", now=NOW)
        now = NOW
        for _try in range(TRIES):
            assert carry_all(carrier("file", place.home), now) == 1
            now = Message.objects.get().due_at
    told = Message.objects.get()
    assert (told.sent_at, told.given_up_at is not None, told.body) == (None, True, "")
    assert told.error


@pytest.mark.usefixtures("place")
def test_any_failure_of_a_carrier_is_a_failure_with_a_reason() -> None:
    def broken(_message: Message) -> None:
        raise BadStatusLine("x\0y")

    def silent(_message: Message) -> None:
        raise ZeroDivisionError

    write()
    assert carry_all(broken) == 1
    assert Message.objects.get().error == "BadStatusLine: xy"
    assert carry_all(silent, NOW + timedelta(seconds=2)) == 1
    assert Message.objects.get().error == "ZeroDivisionError"


@pytest.mark.parametrize("begin", ["", "HTTP/1.1 200 OK\r\nX: "])
def test_a_partner_that_drips_is_cut_off(place: Place, monkeypatch: pytest.MonkeyPatch, begin: str) -> None:
    monkeypatch.setattr(carriers, "SECONDS", 0.5)
    with talking(begin, drip=lambda: time.sleep(0.1)) as url:
        actions.post(url=url, body="logout_token=x", now=NOW)
        began = time.monotonic()
        assert carry_all(carrier("file", place.home)) == 1
    assert time.monotonic() - began < 5
    message = Message.objects.get()
    assert (message.sent_at, message.error) == (None, "TimeoutError: no whole answer in 0.5 s")


@pytest.mark.usefixtures("place")
def test_letters_and_calls_are_carried_apart() -> None:
    actions.post(url="http://slow.example/", body="logout_token=x", now=NOW)
    write()
    actions.sms(to="+819012345678", body="123456", now=NOW)
    seen: list[str] = []
    while actions.deliver(lambda message: seen.append(message.channel), lambda: NOW, LETTERS):
        pass
    assert sorted(seen) == ["mail", "sms"]
    assert actions.deliver(lambda message: seen.append(message.channel), lambda: NOW, CALLS)
    assert seen[2:] == ["post"]


@pytest.mark.usefixtures("place")
def test_what_becomes_useless_is_tried_quickly_until_then_and_no_longer() -> None:
    end = NOW + timedelta(minutes=2)
    actions.post(url="https://away.example/", body="logout_token=x", now=NOW, useless_after=end)
    times, now = [], NOW
    while Message.objects.get().given_up_at is None:
        assert carry_all(fail, now) == 1
        times.append(int((now - NOW).total_seconds()))
        now = Message.objects.get().due_at
    assert times == [0, 2, 6, 14, 30, 62]
    told = Message.objects.get()
    assert (told.body, told.error) == ("", "OSError: connection refused")


@pytest.mark.usefixtures("place")
def test_what_has_become_useless_while_nobody_carried_is_given_up_unsent() -> None:
    end = NOW + timedelta(minutes=2)
    actions.post(url="https://away.example/", body="logout_token=x", now=NOW, useless_after=end)
    seen: list[Message] = []
    assert carry_all(seen.append, end) == 1
    told = Message.objects.get()
    assert (seen, told.sent_at, told.given_up_at, told.body, told.error) == ([], None, end, "", "too late")


@pytest.mark.usefixtures("place")
def test_short_messages_need_a_provider_when_mails_go_by_smtp() -> None:
    actions.sms(to="+819012345678", body="123456", now=NOW)
    assert carry_all(carrier("smtp", Path("unused"))) == 1
    assert "no provider" in Message.objects.get().error

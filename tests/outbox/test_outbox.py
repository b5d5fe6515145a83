"""Messages leave at least once, whatever happens to the one who carries them, and leave nothing behind."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.db import connection, transaction

from noren.outbox import actions
from noren.outbox.carriers import carrier
from noren.outbox.models import Message
from noren.outbox.rules import TRIES, wait
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
        assert (message.tries, message.error) == (number, "connection refused")
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


@pytest.mark.usefixtures("place")
def test_short_messages_need_a_provider_when_mails_go_by_smtp() -> None:
    actions.sms(to="+819012345678", body="123456", now=NOW)
    assert carry_all(carrier("smtp", Path("unused"))) == 1
    assert "no provider" in Message.objects.get().error

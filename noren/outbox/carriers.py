"""Ways out of the outbox: the console, a folder of files, an SMTP server, a partner's address."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core import mail

from noren.kit import files
from noren.outbox.actions import Carrier
from noren.outbox.models import Message
from noren.outbox.rules import Channel

SECONDS = 5
"""How long a partner's server may take: to be reached, and then to answer."""

FOLDER = "outbox"
"""Where the file carrier puts messages, below the data directory."""


def carrier(kind: str, home: Path) -> Carrier:
    """The way out for mails and short messages that NOREN_OUTBOX names; calls to partners always go over HTTP.

    A provider of short messages is one more function here: it takes a Message and raises when it fails.
    """
    ways: dict[str, Carrier] = {
        "console": _console,
        "file": lambda message: _file(home / FOLDER, message),
        "smtp": _smtp,
    }
    write = ways[kind]
    return lambda message: _post(message) if message.channel == Channel.POST else write(message)


def _letter(message: Message) -> EmailMessage:
    letter = EmailMessage()
    letter["Date"] = message.made_at
    letter["To"] = message.recipient
    letter["Subject"] = message.subject or message.channel
    letter.set_content(message.body)
    return letter


def _console(message: Message) -> None:
    sys.stderr.write(f"\n{message.channel}: {message.recipient}: {message.subject}\n{message.body}\n")


def _file(folder: Path, message: Message) -> None:
    """One file each, named by time, channel and id; only its owner may read it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{message.made_at:%Y%m%dT%H%M%S%f}-{message.channel}-{message.message_id}.eml"
    with files.whole(path) as target:
        target.write_bytes(_letter(message).as_bytes())


def _smtp(message: Message) -> None:
    """By Django's mail settings; short messages need a provider of their own."""
    if message.channel == Channel.SMS:
        raise OSError("no provider of short messages is set up")
    mail.EmailMessage(message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.recipient]).send()


def _post(message: Message) -> None:
    """One request: where an answer leads to is not looked at, nor is what it says."""
    parts = urlsplit(message.recipient)
    place = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cache-Control": "no-store"}
    with closing(_connection(parts)) as connection, _in_time(connection):
        connection.request("POST", place, message.body.encode(), headers)
        status = connection.getresponse().status
    if not 200 <= status < 300:
        raise OSError(f"HTTP {status}")


def _connection(parts: SplitResult) -> HTTPConnection:
    ways: dict[str, type[HTTPConnection]] = {"http": HTTPConnection, "https": HTTPSConnection}
    if parts.scheme not in ways or not parts.hostname:
        raise OSError("not an http address")
    connection = ways[parts.scheme](parts.hostname, parts.port, timeout=SECONDS)
    connection.connect()
    return connection


@contextmanager
def _in_time(connection: HTTPConnection) -> Iterator[None]:
    """Cut it off when its time is over: a server that sends a letter now and then never runs into a timeout."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    line, timer = connection.sock, threading.Timer(SECONDS, cut)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if late.is_set():
            raise TimeoutError(f"no whole answer in {SECONDS} s")

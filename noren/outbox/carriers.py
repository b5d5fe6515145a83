"""Ways out of the outbox: the console, a folder of files, an SMTP server, a partner's address."""

import smtplib
import sys
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail

from noren.kit import files
from noren.outbox.actions import Carrier
from noren.outbox.models import Message
from noren.outbox.rules import Channel

SECONDS = 5
"""How long a partner's server may take."""

FOLDER = "outbox"
"""Where the file carrier puts messages, below the data directory."""


def carrier(kind: str, home: Path) -> Carrier:
    """The way out for mails and short messages that NOREN_OUTBOX names; calls to partners always go over HTTP.

    A provider of short messages is one more function here: it takes a Message and raises OSError when it fails.
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
    try:
        mail.EmailMessage(message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.recipient]).send()
    except smtplib.SMTPException as error:
        raise OSError(str(error)) from error


def _post(message: Message) -> None:
    if urlsplit(message.recipient).scheme not in {"http", "https"}:
        raise OSError("not an http address")
    request = urllib.request.Request(  # noqa: S310  (the scheme is looked at above)
        message.recipient,
        data=message.body.encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Cache-Control": "no-store"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
        answer.read(1)

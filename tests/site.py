"""A running `noren serve` with a database of its own, as people and partner services reach it."""

import email
import email.policy
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from noren.accounts import actions as accounts
from noren.cli import arguments
from noren.lifecycle import actions as lifecycle
from tests.cast import ENGINEER
from tests.conftest import NOREN, Place
from tests.members.desk import Desk

PASSWORD = "a curtain of indigo cloth"
"""What the people of the tests have chosen."""

WAIT_SECONDS = 60


def free_port() -> int:
    """A port of the loopback address on which nothing listens now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Mail:
    """A mail or short message that has left the outbox."""

    to: str
    subject: str
    text: str

    @property
    def code(self) -> str:
        """The security code in it."""
        found = re.search(r"\b\d{6}\b", self.text)
        assert found is not None, self.text
        return found[0]

    @property
    def links(self) -> list[str]:
        """The addresses in it."""
        return re.findall(r"https?://\S+", self.text)


@dataclass(frozen=True)
class Site:
    """Where the server answers, and what it works on. Django in this process looks at the same database."""

    place: Place
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def mails(self, to: str = "") -> list[Mail]:
        """What has been sent, the newest first; `to` one address or number, or to all."""
        paths = sorted((self.place.home / "outbox").glob("[0-9]*.eml"), reverse=True)
        sent = [_mail(path) for path in paths]
        return [mail for mail in sent if to in ("", mail.to)]

    def await_mail(self, to: str, *, after: int = 0, seconds: float = 15) -> Mail:
        """The newest message to the address, once more than `after` have been sent to it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.mails(to)
            if len(found) > after:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"no message to {to} in {seconds} s; sent to {[mail.to for mail in self.mails()]}")

    def corporation(self, corporation_id: str = "C1", *, name: str = "Kita", lines: tuple[str, ...] = ()) -> None:
        """A corporation, and its lines as rows of the file of lines."""
        desk = Desk(self.place, self.place.home / "files")
        desk.folder.mkdir(parents=True, exist_ok=True)
        desk.bring("corporations", f"{corporation_id},,{name},,corporation")
        if lines:
            desk.bring("lines", *lines)

    def person(self, login_id: str, *, password: str = PASSWORD, corporation_id: str = "C1", **more: Any) -> str:
        """An account in use with a password; gives its id. `more`: as lifecycle.actions.issue takes it."""
        now = arguments.clock()
        about = {"name": "山田花子", "contact_mail": login_id if "@" in login_id else "", "language": "en", **more}
        account_id = lifecycle.issue(
            corporation_id=corporation_id, login_id=login_id, active=True, actor=ENGINEER, now=now, **about
        )
        if password:
            accounts.first_password(account_id, password, actor=ENGINEER, now=now)
        return account_id

    def stop(self) -> None:
        """End the server as an operator would, and wait until it is gone."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)


def _mail(path: Path) -> Mail:
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(letter, EmailMessage)
    return Mail(str(letter["To"]), str(letter["Subject"]), str(letter.get_content()))


@contextmanager
def running(place: Place, **environment: str) -> Iterator[Site]:
    """`noren serve` on the place; stopped at the end. `environment`: more variables for it."""
    port = free_port()
    url = f"http://localhost:{port}"
    place.home.mkdir(parents=True, exist_ok=True)
    log = place.home / "serve.log"
    own = {"NOREN_URL": url, "NOREN_OUTBOX": "file", **environment}
    with log.open("wb") as target:
        process = subprocess.Popen(
            [*NOREN, "serve", "--bind", f"127.0.0.1:{port}"],
            env={**place.environment, **own, "PYTHONUNBUFFERED": "1"},
            stdout=target,
            stderr=subprocess.STDOUT,
        )
    site = Site(place, url, process, log)
    try:
        _await(site)
        yield site
    finally:
        site.stop()


def _await(site: Site) -> None:
    """Wait until it answers; if it does not, say what it has written."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end and site.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{site.url}/healthz", timeout=5):  # noqa: S310  (our own address)
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(site.log.read_text(encoding="utf-8", errors="replace"))

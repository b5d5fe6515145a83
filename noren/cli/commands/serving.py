"""The web server."""

import multiprocessing
import threading
from typing import Annotated

import typer
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import Interfaces

from noren.cli import arguments, database, show
from noren.outbox import actions as outbox
from noren.outbox.carriers import carrier

THREADS = 16
"""Requests that one process answers at a time: each holds a connection to the database."""

USUAL = "127.0.0.1:8000"

CARRIERS = 4
"""Messages that leave at a time: one slow partner does not hold up the others."""

PAUSE_SECONDS = 0.25


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("serve", help=_("Run the web server: all sites, the sign-on provider, the outbox."))(serve)


def a_bind(text: str) -> tuple[str, int]:
    """Address and port written as HOST:PORT."""
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        message = _("“%(value)s” is not an address. Write it as HOST:PORT, such as 127.0.0.1:8000.")
        raise typer.BadParameter(message % {"value": text})
    return host.strip("[]"), int(port)


Bind = Annotated[str, typer.Option("--bind", metavar="HOST:PORT", help=_("Address and port to listen on."))]
Workers = Annotated[int, typer.Option("--workers", min=1, help=_("Number of processes that answer requests."))]


def serve(*, bind: Bind = USUAL, workers: Workers = 1) -> None:
    """Answer requests until Ctrl-C."""
    database.ready()
    run(bind, workers=workers, outbox_kind=settings.NOREN_OUTBOX)


def run(bind: str, *, workers: int, outbox_kind: str) -> None:
    """Web server and outbox, on a database that is ready. Raises typer.BadParameter."""
    address, port = a_bind(bind)
    stop = threading.Event()
    outgoing = [threading.Thread(target=_deliver, args=(outbox_kind, stop), daemon=True) for _number in range(CARRIERS)]
    for thread in outgoing:
        thread.start()
    show.say(_("Noren is at %(url)s (Ctrl-C ends it).") % {"url": settings.NOREN_URL})
    # A forked worker would share this process's connections to the database, and its locks as they stand.
    multiprocessing.set_start_method("spawn", force=True)
    try:
        Granian(
            "noren.config.wsgi:application",
            address=address,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            log_enabled=False,
            websockets=False,
            respawn_failed_workers=True,
        ).serve()
    finally:
        stop.set()
        for thread in outgoing:
            thread.join(timeout=10)


def _deliver(kind: str, stop: threading.Event) -> None:
    """Carry the outbox's messages until told to stop; a database that is away for a while is waited for."""
    carry = carrier(kind, database.home())
    while not stop.is_set():
        try:
            carried = outbox.deliver(carry, arguments.clock)
        except Exception as error:  # noqa: BLE001  (it must live on; the message is tried again)
            show.say(str(error))
            connection.close()
            carried = False
        if not carried:
            stop.wait(PAUSE_SECONDS)

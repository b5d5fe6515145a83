"""The web server."""

import multiprocessing
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import Interfaces

from noren.audit import actions as audit
from noren.bulk import actions as bulk
from noren.cli import arguments, database, show
from noren.counter import actions as counter
from noren.kit.errors import Refusal
from noren.lifecycle import tidying
from noren.orders import actions as orders
from noren.outbox import actions as outbox
from noren.outbox.carriers import carrier
from noren.outbox.rules import CALLS, LETTERS

THREADS = 16
"""Requests that one process answers at a time: each holds a connection to the database."""

USUAL = "127.0.0.1:8000"

CARRIERS = 4
"""Letters that leave at a time, and as many calls to partners: a slow partner holds up no mail."""

PAUSE_SECONDS = 0.25

SEAL_SECONDS = 1.0
"""How often what was written to the audit is linked."""

TIDY_SECONDS = 600
"""How often what has expired is removed."""


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("serve", help=_("Run the web server: all sites, the sign-on provider, the outbox, bulk jobs."))(serve)


def a_bind(text: str) -> tuple[str, int]:
    """Address and port written as HOST:PORT."""
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        message = _("“%(value)s” is not an address. Write it as HOST:PORT, such as 127.0.0.1:8000.")
        raise typer.BadParameter(message % {"value": text})
    return host.strip("[]"), int(port)


class PortTaken(Refusal):
    """Something else listens there."""

    code = "serve.port_taken"


def must_be_free(address: str, port: int) -> str:
    """Try the place before anything is started: the web server would share it. Gives the address in figures.

    Raises PortTaken.
    """
    try:
        family, kind, *_rest, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
            return str(place[0])
    except OSError as error:
        message = _("Cannot listen on %(address)s:%(port)s: %(why)s. Stop what listens there, or choose another place.")
        raise PortTaken(message, address=address, port=port, why=error.strerror) from error


Bind = Annotated[str, typer.Option("--bind", metavar="HOST:PORT", help=_("Address and port to listen on."))]
Workers = Annotated[int, typer.Option("--workers", min=1, help=_("Number of processes that answer requests."))]


def serve(*, bind: Bind = USUAL, workers: Workers = 1) -> None:
    """Answer requests until Ctrl-C."""
    database.ready()
    run(bind, workers=workers, outbox_kind=settings.NOREN_OUTBOX)


def run(bind: str, *, workers: int, outbox_kind: str) -> None:
    """Web server and all that works beside it, on a database that is ready. Raises typer.BadParameter, PortTaken."""
    address, port = a_bind(bind)
    address = must_be_free(address, port)
    stop = threading.Event()
    carry = carrier(outbox_kind, database.home())
    deliver = partial(outbox.deliver, carry, arguments.clock)
    works = [
        partial(_repeat, partial(deliver, channels), PAUSE_SECONDS, stop) for channels in (LETTERS, CALLS) * CARRIERS
    ]
    works.append(partial(_repeat, partial(bulk.work, arguments.clock), PAUSE_SECONDS, stop))
    works += [partial(_repeat, _seal, SEAL_SECONDS, stop), partial(_repeat, _tidy, TIDY_SECONDS, stop)]
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
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
        for thread in threads:
            thread.join(timeout=10)


def _seal() -> bool:
    audit.seal()
    return False


def _tidy() -> bool:
    tidying.tidy(arguments.clock())
    bulk.tidy(arguments.clock())
    orders.tidy(database.home(), arguments.clock())
    counter.tidy(arguments.clock())
    return False


def _repeat(work: Callable[[], bool], pause: float, stop: threading.Event) -> None:
    """Work until told to stop, resting when there was nothing to do; a database that is away is waited for."""
    while not stop.is_set():
        try:
            more = work()
        except Exception as error:  # noqa: BLE001  (it must live on; what failed is tried again)
            show.say(str(error))
            connection.close()
            more = False
        if not more:
            stop.wait(pause)

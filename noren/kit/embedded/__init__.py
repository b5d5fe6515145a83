"""Noren's own PostgreSQL: one server for each home, out of a wheel, reached through a private socket (Linux).

Only the wheel's programs are used. Its own `get_server()` opens all directories above the data for reading, gives
up after ten seconds, ends processes and stumbles over half-written files. What a home holds:

    postgres/         the data, with the settings in `noren.conf`
    postgres-socket/  the socket; below /tmp instead when the home's path does not suit a socket
    postgres.log      what the server says, beginning with its last start; the log before it is `postgres.log.old`
    postgres.lock     held by a process that starts or stops the server, let go by the system when it ends
"""

from noren.kit.embedded.data import OWNER
from noren.kit.embedded.places import socket_directory
from noren.kit.embedded.refusals import (
    Busy,
    Elsewhere,
    NoSpace,
    NotOurs,
    NotPermitted,
    OtherVersion,
    SocketTaken,
    WillNotStart,
)
from noren.kit.embedded.server import APP_ROLE, DATABASE, Server, start, status, stop

__all__ = [
    "APP_ROLE",
    "DATABASE",
    "OWNER",
    "Busy",
    "Elsewhere",
    "NoSpace",
    "NotOurs",
    "NotPermitted",
    "OtherVersion",
    "Server",
    "SocketTaken",
    "WillNotStart",
    "socket_directory",
    "start",
    "status",
    "stop",
]

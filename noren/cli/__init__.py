"""The `noren` command: a door. It reads the clock, the language and the arguments, and calls one action or query."""

import os
import signal
import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command line; every refusal is one clear message and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
    _prepare_streams()
    try:
        # A closed terminal or a service that is stopped ends a command as Ctrl-C does.
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks for
                signal.signal(number, signal.default_int_handler)
        from noren.cli import start  # noqa: PLC0415  (Django reads its settings when it is imported)

        sys.exit(start.run(sys.argv[1:]))
    except KeyboardInterrupt:
        # Before the command has begun there is nothing to tell, and no language to tell it in.
        sys.exit(130)


def _prepare_streams() -> None:
    """What the terminal cannot write becomes a question mark; a closed output takes everything."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115  (until the process ends)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")

"""The `noren` command: a door. It reads the clock, the language and the arguments, and calls one action or query."""

import os
import sys


def main() -> None:
    """Run the command line; every refusal is one clear message and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
    try:
        from noren.cli import start  # noqa: PLC0415  (Django reads its settings when it is imported)

        sys.exit(start.run(sys.argv[1:]))
    except KeyboardInterrupt:
        # Before the command has begun there is nothing to tell, and no language to tell it in.
        sys.exit(130)

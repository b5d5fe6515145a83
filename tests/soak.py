"""Counts of the long proofs: the same tests, with more rounds when NOREN_SOAK is set."""

import os

LONG = bool(os.environ.get("NOREN_SOAK"))


def many(usual: int, long: int) -> int:
    """How many rounds: `usual` in `make test`, `long` in `make soak`."""
    return long if LONG else usual

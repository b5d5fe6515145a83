"""Read a programme file. What is wrong is told with file, line, rule and what to do."""

from django.utils.translation import gettext_noop as _

from noren.kit.errors import Refusal
from noren.kit.toml import BadFile, Format
from noren.programme.definition import Definition


class BadDefinition(BadFile):
    """A programme file that cannot be used."""

    code = "programme.definition"


class NoDefinition(Refusal):
    """A programme file that is not there or not text."""

    code = "programme.file"


ADVICE = {
    "union_tag_invalid": _("must be one of: %(expected_tags)s"),
    "union_tag_not_found": _("needs a policy: programme_year, months or fixed"),
    "bounds_empty": _("give at_least, at_most (or both), or exactly"),
    "bounds_exactly_alone": _("exactly stands alone, without at_least or at_most"),
    "bounds_cross": _("at_least is greater than at_most: no number fits"),
    "condition_empty": _("a condition names at least one of: %(names)s"),
    "arrears_is_taken": _("the ledger keeps negative balances under the name arrears; choose another"),
    "not_a_first": _("must be the first day of a month; a month is rated by one version"),
    "title_both": _("give both ja and en"),
    "first_stage_has_condition": _("the first stage is for everybody else; take the condition out"),
    "stage_without_condition": _("every stage but the first needs a condition"),
    "unknown_solution": _("not an eligible solution: %(names)s; add it to solutions.eligible"),
    "unknown_use": _("not a known use: %(names)s; add it to uses"),
    "unknown_charge": _("not a charge that earns: %(names)s; points pay only for those"),
    "unknown_kind": _("no kind is named %(name)s; define it in [[kinds]]"),
    "no_such_day": _("month %(month)s does not have a day %(day)s in every year; choose an earlier day"),
}
"""What to do about each kind of error that only a programme can have."""

FORMAT = Format("programme", Definition, ADVICE, BadDefinition, NoDefinition)

"""What jobs, verdicts and reasons are called in the user's language."""

from collections.abc import Mapping, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from noren.bulk.queries import RowRow
from noren.bulk.reading.titles import Language, title, word
from noren.bulk.rules import JobState, Operation, Outcome, Verdict

OPERATIONS: Mapping[Operation, object] = {
    Operation.ISSUE: _("Issue accounts"),
    Operation.CHANGE: _("Change user data and login IDs"),
    Operation.MEMBERSHIP: _("Put into a group and take out"),
    Operation.PERMISSION: _("Give and take permissions"),
    Operation.LOCK: _("Lock accounts"),
    Operation.UNLOCK: _("Unlock accounts"),
    Operation.ABOLISH: _("Abolish accounts"),
}
STATES: Mapping[JobState, object] = {
    JobState.QUEUED: _("being checked"),
    JobState.JUDGED: _("checked, to be confirmed"),
    JobState.WAITING: _("waits for approval"),
    JobState.ORDERED: _("being carried out"),
    JobState.DONE: _("done"),
    JobState.UNDOING: _("being undone"),
    JobState.UNDONE: _("undone"),
    JobState.FAILED: _("failed"),
}
VERDICTS: Mapping[Verdict, object] = {
    Verdict.DO: _("will be done"),
    Verdict.NOTHING: _("nothing to do"),
    Verdict.ERROR: _("error"),
}
OUTCOMES: Mapping[Outcome, object] = {
    Outcome.DONE: _("done"),
    Outcome.CHANGED: _("left, because it has changed since the check"),
    Outcome.UNDONE: _("undone"),
    Outcome.IN_USE: _("in use, so not undone"),
}
REASONS: Mapping[str, object] = {
    "missing": _("%(field)s is empty."),
    "too_long": _("%(field)s is too long."),
    "not_in_list": _("%(field)s is not one of the known words."),
    "duplicate": _("%(field)s stands in an earlier row already."),
    "extra_column": _("The row has too many columns."),
    "number_cell": _("%(field)s is a number in the sheet, so leading zeros may be gone. Format the column as text."),
    "not_printable": _("%(field)s holds characters that cannot be printed."),
    "account.unknown": _("There is no such account."),
    "account.above": _("You may not change this account: its role is as high as yours, or higher."),
    "account.state": _("The account's state does not allow it."),
    "account.no_name": _("An account needs the name of its person."),
    "login.missing": _("An account needs a login ID or an employee number."),
    "login.bad": _("%(field)s cannot be a login ID."),
    "login.taken": _("The login ID is taken."),
    "login.other_organisation": _("%(field)s begins with the code of another organisation."),
    "contact.bad_mail": _("%(field)s is not a mail address."),
    "contact.bad_mobile": _("%(field)s is not a phone number."),
    "line.not_linked": _("This line cannot be linked."),
    "line.taken": _("The line is linked to an account already."),
    "group.in_another": _("It is in a group already. One group at a time: take it out of that one first."),
    "group.not_ours": _("It does not belong to the group or its corporations."),
    "group.representative": _("The account represents a group. Name another representative first."),
    "group.last_administrator": _("A corporation keeps at least one administrator. Name another one first."),
    "group.too_many": _("The group would be larger than it may be."),
    "role.above": _("You may not give or take this permission."),
    "role.no_unit": _("This permission is not given or taken for a department or site alone."),
    "job.row_changed": _("It has changed since the check."),
    "job.not_allowed": _("You have no permission for this here."),
    "job.facts_changed": _("Something has changed since the check, so nothing was done. It was checked again."),
    "job.given_up": _("The work broke off several times and was given up. Tell the operator."),
}
"""What is wrong, by code; `%(field)s` is the column's title."""


def language() -> Language:
    """`ja` or `en`."""
    return "ja" if (get_language() or "").startswith("ja") else "en"


def sentence(reason: str) -> str:
    """A reason, `field:code`, in the user's language."""
    field, _colon, code = reason.partition(":")
    return str(REASONS.get(code, code)) % {"field": title(field, language()) if field else ""}


def result(row: RowRow) -> str:
    """What came of a row, or will come of it."""
    if row.outcome is not Outcome.OPEN:
        return str(OUTCOMES[row.outcome])
    return str(VERDICTS[row.verdict]) if row.verdict else ""


def changes(found: Mapping[str, Sequence[str]]) -> str:
    """Each field with what it is before and after."""
    spoken = language()
    order = sorted(found, key=ORDER.index)
    return "; ".join(
        f"{title(field, spoken)}: {_shown(found[field][0], spoken)} → {_shown(found[field][1], spoken)}"
        for field in order
    )


ORDER = (
    "state",
    "login_id",
    "name",
    "name_kana",
    "department",
    "title",
    "employee_number",
    "contact_mail",
    "contact_mobile",
    "language",
    "line_id",
    "group",
    "unit",
    "role",
)


def _shown(text: str, spoken: str) -> str:
    return word(text, spoken) or "-"

"""One row's cells as tidy values and faults, `field:code`. What only the database knows is judged later."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from noren.accounts import actions as accounts
from noren.accounts.rules import LoginKind, employee_login, login_key, login_kind
from noren.bulk.reading.tables import NUMBER
from noren.bulk.reading.titles import words
from noren.bulk.rules import CELL_LENGTH, EMPTIES, ROLES, Change, Operation
from noren.kit.errors import Refusal

MOBILE = re.compile(r"0([789]0[1-9][0-9]{7})")
MAIL = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]{1,60}\.)+[a-z]{2,20}")
MAIL_LENGTH = 254
DASHES = str.maketrans("", "", "- ()‐−ー")

EXACT = frozenset({"account", "login_id", "new_login_id", "employee_number", "contact_mobile", "line_id"})
"""What a spreadsheet spoils when it takes it for a number."""

ACTIONS = {Operation.MEMBERSHIP: (Change.ADD, Change.REMOVE), Operation.PERMISSION: (Change.GIVE, Change.TAKE)}


class Fault(Exception):  # noqa: N818  (caught where it is raised; it never leaves this module)
    """What is wrong with a cell, by its code."""


Read = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one file. `organisation`: the code before the corporation's employee numbers."""

    operation: Operation
    fields: tuple[str, ...]
    organisation: str
    reads: tuple[Read, ...]

    def read(self, cells: Sequence[str]) -> tuple[dict[str, str], list[str]]:
        """Given values (empty cells left out) and faults."""
        given: dict[str, str] = {}
        faults: list[str] = []
        if any(cells[len(self.fields) :]):
            faults.append(":extra_column")
        for field, read, cell in zip(self.fields, self.reads, cells, strict=False):
            try:
                text = _plain(cell, exact=field in EXACT)
                if text:
                    given[field] = "" if self._empties(field, text) else read(text)
            except Fault as fault:
                given[field] = _shown(cell)
                faults.append(f"{field}:{fault}")
        faults.extend(self._together(given, {fault.partition(":")[0] for fault in faults}))
        return given, faults

    def _empties(self, field: str, text: str) -> bool:
        return text == EMPTIES and self.operation is Operation.CHANGE and field != "account"

    def _together(self, given: dict[str, str], bad: set[str]) -> list[str]:
        """What a row must have, and the ids that are compared without regard to how they are written."""
        if self.operation is Operation.ISSUE:
            return self._issued(given, bad)
        missing = [field for field in ("account", "action", "role") if field in self.fields and field not in given]
        if "account" in given:
            given["account_key"] = login_key(given["account"])
        if self.operation is Operation.CHANGE:
            return [*(f"{field}:missing" for field in missing), *self._changed(given, bad)]
        return [f"{field}:missing" for field in missing]

    def _issued(self, given: dict[str, str], bad: set[str]) -> list[str]:
        faults = [] if "name" in given else ["name:missing"]
        given.setdefault("language", "ja")
        login_id = given.get("login_id") or given.get("employee_number", "")
        if not login_id:
            return [*faults, "login_id:login.missing"]
        if "login_id" not in given:
            given["login_id"] = employee_login(self.organisation, login_id)
        return faults if bad & {"login_id", "employee_number"} else [*faults, *self._login(given, "login_id")]

    def _changed(self, given: dict[str, str], bad: set[str]) -> list[str]:
        faults = ["name:account.no_name"] if given.get("name") == "" else []
        if given.get("language") == "":
            faults.append("language:not_in_list")
        if "new_login_id" not in given or "new_login_id" in bad:
            return faults
        return [*faults, *self._login(given, "new_login_id")]

    def _login(self, given: dict[str, str], field: str) -> list[str]:
        """Must equal: noren.accounts.actions.state.login_of."""
        key = login_key(given[field])
        kind = login_kind(key)
        if kind is None:
            return [f"{field}:login.bad"]
        if kind is LoginKind.EMPLOYEE and key.partition("/")[0] != self.organisation:
            return [f"{field}:login.other_organisation"]
        given["login_key"], given["login_kind"] = key, kind.value
        return []


def reader(operation: Operation, fields: tuple[str, ...], organisation: str) -> Reader:
    """For a file with these columns."""
    special: dict[str, Read] = {
        "contact_mail": mail,
        "contact_mobile": mobile,
        "language": partial(_word, words(("ja", "en"))),
        "action": partial(_word, words(ACTIONS.get(operation, ()))),
        "role": partial(_word, words(ROLES)),
        "login_id": _any,
        "new_login_id": _any,
        "account": _any,
    }
    return Reader(operation, fields, organisation, tuple(special.get(field, _text) for field in fields))


def _plain(cell: str, *, exact: bool) -> str:
    """Full width as half width, no spaces around it. Raises Fault."""
    if not cell:
        return ""
    if cell.startswith(NUMBER):
        if exact:
            raise Fault("number_cell")
        cell = cell.removeprefix(NUMBER)
    text = cell.strip() if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()
    if not text.isprintable():
        raise Fault("not_printable")
    return text


def _shown(cell: str) -> str:
    """A cell that is wrong as the result file shows it; a database takes no zero byte."""
    return cell.removeprefix(NUMBER).replace("\0", "\ufffd")[:CELL_LENGTH]


def _any(text: str) -> str:
    return text


def _text(text: str) -> str:
    if len(text) > CELL_LENGTH:
        raise Fault("too_long")
    return text


def _word(known: Mapping[str, str], text: str) -> str:
    if text.casefold() not in known:
        raise Fault("not_in_list")
    return known[text.casefold()]


def mail(text: str) -> str:
    """As `accounts.tidy_mail`; what nobody doubts needs no library."""
    text = text.lower()
    if len(text) > MAIL_LENGTH:
        raise Fault("too_long")
    if MAIL.fullmatch(text):
        return text
    try:
        return accounts.tidy_mail(text)
    except Refusal as error:
        raise Fault(error.code) from error


def mobile(text: str) -> str:
    """As `accounts.tidy_mobile`, which takes its time: Japanese mobiles as people write them need no library."""
    usual = MOBILE.fullmatch(text.translate(DASHES))
    if usual:
        return f"+81{usual[1]}"
    try:
        return accounts.tidy_mobile(text)
    except Refusal as error:
        raise Fault(error.code) from error

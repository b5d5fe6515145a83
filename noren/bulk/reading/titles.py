"""What columns and words are called in files: a file may use the plain name or either language."""

from collections.abc import Mapping, Sequence
from typing import Literal

from django.utils.translation import gettext_lazy as _

from noren.bulk.reading.refusals import BadColumns
from noren.bulk.rules import COLUMNS, Change, Operation, needed_columns
from noren.groups.rules import Role

Language = Literal["ja", "en"]

TITLES: Mapping[str, tuple[str, str]] = {
    "account": ("Account", "アカウント"),
    "login_id": ("Login ID", "ログインID"),
    "new_login_id": ("New login ID", "新しいログインID"),
    "employee_number": ("Employee number", "社員番号"),
    "name": ("Name", "氏名"),
    "name_kana": ("Name in kana", "氏名カナ"),
    "department": ("Department", "部署"),
    "title": ("Title", "役職"),
    "contact_mail": ("Contact mail", "連絡先メールアドレス"),
    "contact_mobile": ("Contact mobile", "連絡先携帯電話番号"),
    "language": ("Language", "言語"),
    "line_id": ("Line ID", "回線ID"),
    "unit": ("Department or site of the group", "グループ内の部門・拠点"),
    "action": ("Action", "処理"),
    "role": ("Permission", "権限"),
    "group": ("Group", "グループ"),
    "state": ("State", "状態"),
    "number": ("Row", "行"),
    "verdict": ("Result", "結果"),
    "code": ("Code", "コード"),
    "reason": ("Reason", "理由"),
    "changes": ("Changes", "変更内容"),
    "account_id": ("Account ID", "アカウントID"),
}
"""Column -> its title in English and Japanese. Part of the file format, so not of the catalogue."""

WORDS: Mapping[str, tuple[str, str]] = {
    Change.ADD: ("add", "追加"),
    Change.REMOVE: ("remove", "削除"),
    Change.GIVE: ("give", "付与"),
    Change.TAKE: ("take", "取消"),
    Role.MANAGING_USER: ("managing user", "管理ユーザー"),
    Role.MANAGE_USERS: ("manage users", "ユーザー管理許可"),
    Role.MANAGE_POINTS: ("manage points", "ポイント管理許可"),
    "ja": ("Japanese", "日本語"),
    "en": ("English", "英語"),
}
"""A word of a cell -> how it is written in English and Japanese."""


def title(field: str, language: str) -> str:
    """The column's title."""
    return TITLES[field][language == "ja"]


def word(value: str, language: str) -> str:
    """A cell's word as people write it."""
    return WORDS[value][language == "ja"] if value in WORDS else value


def words(values: Sequence[str]) -> dict[str, str]:
    """How each of the words may be written, without regard to case -> the word."""
    return {form.casefold(): str(value) for value in values for form in (value, *WORDS[value])}


def fields(header: Sequence[str], operation: Operation) -> tuple[str, ...]:
    """The fields that the titles name, in their order. Raises BadColumns, which names every one that is wrong."""
    known = {form.casefold(): field for field in COLUMNS[operation] for form in (field, *TITLES[field])}
    found = [known.get(title.strip().casefold(), "") for title in header]
    unknown = [title.strip() or "(empty)" for title, field in zip(header, found, strict=True) if not field]
    missing = [field for field in needed_columns(operation) if field not in found]
    if operation is Operation.ISSUE and not {"login_id", "employee_number"} & set(found):
        missing.append("login_id")
    twice = sorted({field for field in found if field and found.count(field) > 1})
    if unknown or missing or twice:
        raise _bad_columns(unknown, missing, twice, operation)
    return tuple(found)


def _bad_columns(unknown: list[str], missing: list[str], twice: list[str], operation: Operation) -> BadColumns:
    def told(names: Sequence[str]) -> str:
        return ", ".join(f"{name} ({TITLES[name][1]})" if name in TITLES else name for name in names) or "–"

    return BadColumns(
        _("The columns do not fit. Missing: %(missing)s. Not known: %(unknown)s. Twice: %(twice)s. Known: %(known)s."),
        missing=told(missing),
        unknown=told(unknown),
        twice=told(twice),
        known=told(COLUMNS[operation]),
    )

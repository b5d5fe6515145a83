"""The colleagues of the demo's people, and their management group: enough to try the admin site with."""

from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from noren.accounts.rules import LockReason
from noren.groups import actions as groups
from noren.groups.rules import Role, UnitKind
from noren.kit.actor import Actor
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members

SURNAMES = (
    ("田中", "タナカ"),
    ("伊藤", "イトウ"),
    ("渡辺", "ワタナベ"),
    ("中村", "ナカムラ"),
    ("小林", "コバヤシ"),
    ("加藤", "カトウ"),
)
GIVEN = (("陽子", "ヨウコ"), ("大輔", "ダイスケ"), ("美穂", "ミホ"), ("翔太", "ショウタ"), ("恵", "メグミ"))


def populate(
    corporation_id: str, *, administrator: str, employee_line: str, others: Sequence[str], actor: Actor, now: datetime
) -> None:
    """Thirty colleagues in two departments, and a group that the administrator represents.

    The lines of the corporation but the employee's are in it, so that its pool earns; so are half of the colleagues.
    """
    who: dict[str, Any] = {"actor": actor, "now": now}
    colleagues = [
        _colleague(corporation_id, number, *names, **who) for number, names in enumerate(product(SURNAMES, GIVEN))
    ]
    groups.make_administrator(administrator, **who)
    group = lifecycle.create_group(
        corporation_id=corporation_id, name=_("Head office"), representative=administrator, **who
    )
    units = [
        groups.add_unit(group, kind=UnitKind.DEPARTMENT, name=_("Sales"), **who),
        groups.add_unit(group, kind=UnitKind.SITE, name=_("Osaka"), **who),
    ]
    half = len(colleagues) // 2
    lifecycle.join_group(group, account_ids=colleagues[:half], unit_id=units[0], **who)
    lifecycle.join_group(group, account_ids=[*colleagues[half : half + 5], *others], unit_id=units[1], **who)
    lines = [line for line in members.line_ids(corporation_id) if line != employee_line]
    lifecycle.join_group(group, line_ids=lines, **who)
    groups.grant(group, colleagues[0], Role.MANAGE_USERS, units=units[:1], **who)
    groups.grant(group, colleagues[1], Role.MANAGE_POINTS, **who)
    lifecycle.lock(colleagues[2], LockReason.ADMINISTRATOR, **who)


def _colleague(
    corporation_id: str, number: int, surname: tuple[str, str], given: tuple[str, str], *, actor: Actor, now: datetime
) -> str:
    """Two of three are in use, the others still have their invitation."""
    return lifecycle.issue(
        corporation_id=corporation_id,
        login_id="",
        name=f"{surname[0]} {given[0]}",
        name_kana=f"{surname[1]} {given[1]}",
        department=_("Sales") if number % 2 else _("General affairs"),
        employee_number=f"{number + 101:04}",
        contact_mail=f"employee{number + 101}@demo.example" if number % 3 else "",
        active=number % 3 > 0,
        actor=actor,
        now=now,
    )

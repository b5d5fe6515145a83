"""Whatever a delegate asks for, nothing outside their scope shows: random worlds, every route, every id."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern

from noren.admin_site import urls
from noren.admin_site.acts import ACTS
from noren.groups import actions as groups
from noren.groups import queries
from noren.groups.rules import GRANTS, Held, Permission, Role, UnitKind, roles_at
from noren.lifecycle import actions as lifecycle
from tests import soak
from tests.admin_site.people import at_desk, person, who

pytestmark = [pytest.mark.usefixtures("desk"), pytest.mark.soak]

WORLDS = soak.many(2, 60)
SEARCHES = [
    "",
    "text=n",
    "text=090",
    "state=active",
    "factor=no_own",
    "order=used",
    "descending=on",
    "unused=30",
    "page=2",
]
NOT_BY_GET = {"manage_choose", "manage_save_view", "manage_result"}
WHOLE = (Role.MANAGING_USER, Role.MANAGE_USERS, Role.MANAGE_POINTS)


@dataclass
class World:
    """Accounts with a corporation, a group and a unit each, and who holds which role."""

    places: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    lead: dict[str, str] = field(default_factory=dict)

    def place(self, account: str) -> dict[str, str]:
        return dict(zip(("corporation_id", "group_id", "unit_id"), self.places[account], strict=True))

    def may(self, held: tuple[Held, ...], permission: Permission, account: str) -> bool:
        return any(permission in GRANTS[role] for role in roles_at(held, **self.place(account)))


def make(chance: random.Random) -> World:
    """Two corporations, a group of each, one across both, units, people here and there."""
    world = World()
    for corporation, line in (("C1", "L1"), ("C2", "L3")):
        leader = add(world, chance, corporation, lines=[line])
        world.lead[corporation] = leader
        a_group(
            world,
            lifecycle.create_group(corporation_id=corporation, name=f"g{corporation}", representative=leader, **who()),
            corporation,
        )
        world.places[leader] = (corporation, next(reversed(world.groups)), "")
    across = groups.apply(
        corporation_id="C1",
        name="gAcross",
        representative=world.lead["C1"],
        partners={"C2": "subsidiary"},
        evidence_name="a.pdf",
        evidence=b"%PDF",
        starts_on=who()["now"].date(),
        **who(),
    )
    groups.consent(across, "C2", account_id=world.lead["C2"], **who())
    groups.decide(across, approve=True, **who())
    a_group(world, across, "C1")
    for _number in range(14):
        corporation = chance.choice(["C1", "C2"])
        account = add(world, chance, corporation)
        open_to = ["", *(one for one, whose in world.groups.items() if whose == corporation or one == str(across))]
        group = chance.choice(open_to)
        if group:
            unit = chance.choice(["", *(one for one, whose in world.units.items() if whose == group)])
            unit_id = UUID(unit) if unit else None
            lifecycle.join_group(UUID(group), account_ids=[account], unit_id=unit_id, **who())
            world.places[account] = (corporation, group, unit)
    return world


def add(world: World, chance: random.Random, corporation: str, **more: Any) -> str:
    """An account whose name is found in no other text."""
    name = f"n{chance.getrandbits(60):x}"
    account = person(name, corporation, name=name, **more)
    world.names[account] = name
    world.places[account] = (corporation, "", "")
    return account


def a_group(world: World, group: UUID, corporation: str) -> None:
    world.groups[str(group)] = corporation
    for name in ("Field", "Plant"):
        world.units[str(groups.add_unit(group, kind=UnitKind.SITE, name=name, **who()))] = str(group)


def delegate(world: World, chance: random.Random) -> str:
    """Somebody gets a role somewhere."""
    account = chance.choice(list(world.places))
    corporation = world.places[account][0]
    if chance.random() < 0.2:
        groups.make_administrator(account, **who())
        return account
    group = chance.choice([one for one, whose in world.groups.items() if whose == corporation] or list(world.groups))
    role = chance.choice(WHOLE)
    own = [UUID(one) for one, whose in world.units.items() if whose == group]
    units = [chance.choice(own)] if role is not Role.MANAGING_USER and chance.random() < 0.5 else []
    try:
        groups.grant(UUID(group), account, role, units=units, **who())
    except groups.NotOurs:
        groups.make_administrator(account, **who())
    return account


def paths(world: World) -> Iterator[tuple[str, str, str]]:
    """Every route with every id: name, path, the account it is about."""
    for entry in urls.urlpatterns:
        assert isinstance(entry, URLPattern)
        route, name = str(entry.pattern), str(entry.name)
        if name in NOT_BY_GET or "<str:line_id>" in route or "<str:client_id>" in route:
            continue
        if "<str:account_id>" in route:
            yield from ((name, route.replace("<str:account_id>", one), one) for one in world.places)
        elif "<slug:name>" in route:
            yield from (
                (f"{name} {act}", f"{route.replace('<slug:name>', act)}?account={one}", one)
                for act in ACTS
                for one in list(world.places)[::5]
            )
        elif "<uuid:group_id>" in route:
            unit = next(iter(world.units))
            filled = route.replace("<uuid:unit_id>", unit)
            yield from ((name, filled.replace("<uuid:group_id>", one), "") for one in world.groups)
        else:
            asked = SEARCHES if name in {"manage_accounts", "manage_accounts_csv"} else [""]
            yield from ((name, f"{route}?{search}", "") for search in asked)


def said(client: Client, path: str) -> tuple[int, str]:
    """Status and all that is said."""
    answer: Any = client.get(f"/manage/{path}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body.decode()


@pytest.mark.parametrize("seed", range(WORLDS))
def test_nothing_outside_the_scope_shows(seed: int) -> None:
    chance = random.Random(seed)
    world = make(chance)
    for _number in range(3):
        account = delegate(world, chance)
        held = queries.held(account)
        visible = {one for one in world.places if world.may(held, Permission.ACCOUNTS_VIEW, one)} | {account}
        leads = {row.account_id for group in world.groups for row in queries.holders(UUID(group))}
        client = at_desk(account)
        for name, path, about in paths(world):
            status, text = said(client, path)
            assert status in {200, 302, 403, 404, 405}, (path, status)
            if about and about not in visible:
                assert status in {403, 404, 405}, (path, status)
            shown = {one for one, word in world.names.items() if re.search(rf"\b{word}\b", text)}
            allowed = visible | (leads if name == "manage_group" else set())
            if name.startswith("manage_bills") or name == "manage_allocations":
                allowed |= {one for one in world.places if world.may(held, Permission.POINTS_SPEND, one)}
            if name == "manage_group_add":
                corporation = world.places[account][0]
                allowed |= {one for one, place in world.places.items() if place[:2] == (corporation, "")}
            assert shown <= allowed, (seed, name, path, [world.places[one] for one in shown - allowed], held)

"""Who administers what: every page names the permission that it needs, and gets what the person may touch with it.

Out of scope does not exist (404); in scope and not allowed is told (403); a second factor that is too old is asked for.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from noren.accounts import queries as accounts
from noren.accounts.queries import AccountRow, UnknownAccount
from noren.groups import queries as groups
from noren.groups.queries import GroupRow, UnknownGroup, directory, insiders
from noren.groups.queries.directory import Person, Search
from noren.groups.queries.insiders import Within
from noren.groups.rules import Held, Permission, Role, Scope, may_act_on, roles_at, scope_of
from noren.kit.actor import Actor, ActorKind
from noren.web import factors


@dataclass(frozen=True, slots=True)
class Manager:
    """The person at the site, and the roles they hold."""

    account_id: str
    corporation_id: str
    held: tuple[Held, ...]
    reason: str = ""

    @property
    def actor(self) -> Actor:
        """As the one who acts, and why."""
        return Actor(ActorKind.MEMBER, self.account_id, self.reason)

    def scope(self, permission: Permission) -> Scope:
        """What they may touch with the permission."""
        return scope_of(self.held, permission)

    def may(self, permission: Permission) -> bool:
        """Whether they have it anywhere."""
        return bool(self.scope(permission))

    @property
    def has_all(self) -> bool:
        """Whether they administer their whole corporation."""
        return self.corporation_id in self.scope(Permission.ACCOUNTS_ISSUE).corporations

    def account(self, account_id: str, permission: Permission = Permission.ACCOUNTS_VIEW) -> AccountRow:
        """The account, if it is theirs to see and to do this with. Raises Http404, PermissionDenied."""
        try:
            row, place = accounts.account(account_id), groups.place_of(account_id)
        except UnknownAccount as error:
            raise Http404 from error
        covered = {"corporation_id": row.corporation_id, "group_id": place.group_id, "unit_id": place.unit_id}
        if not self.scope(Permission.ACCOUNTS_VIEW).covers(**covered):
            raise Http404
        if not self.scope(permission).covers(**covered):
            raise PermissionDenied
        return row

    def touchable(self, account_id: str, permission: Permission) -> AccountRow:
        """The same, for an act: nobody touches who may more. Raises Http404, PermissionDenied."""
        row = self.account(account_id, permission)
        theirs = groups.held(account_id)
        if account_id != self.account_id and not may_act_on(self.held, theirs, corporation_id=row.corporation_id):
            raise PermissionDenied
        return row

    def group(self, group_id: UUID, permission: Permission = Permission.GROUPS_VIEW) -> GroupRow:
        """The group, if it is theirs to see and to do this with. Raises Http404, PermissionDenied."""
        try:
            row = groups.group(group_id)
        except UnknownGroup as error:
            raise Http404 from error
        if not self._covers(row, Permission.GROUPS_VIEW, partly=True):
            raise Http404
        if not self._covers(row, permission):
            raise PermissionDenied
        return row

    def part(self, group_id: UUID, permission: Permission) -> tuple[GroupRow, Within]:
        """The group, and the part of it in which they have the permission. Raises Http404, PermissionDenied."""
        row = self.group(group_id)
        place = insiders.within(self.held, permission, group_id, row.corporation_id)
        if place is None:
            raise PermissionDenied
        return row, place

    def _covers(self, row: GroupRow, permission: Permission, *, partly: bool = False) -> bool:
        scope, group_id = self.scope(permission), str(row.group_id)
        partly = partly or permission is Permission.GROUPS_VIEW
        within = partly and any(one.group_id == group_id and one.units & scope.units for one in self.held)
        return within or scope.covers(corporation_id=row.corporation_id, group_id=group_id)

    def has_whole(self, row: GroupRow) -> bool:
        """Whether they see all of the group, and not only some of its units."""
        return self.scope(Permission.GROUPS_VIEW).covers(corporation_id=row.corporation_id, group_id=str(row.group_id))

    def roles_in(self, row: GroupRow) -> set[Role]:
        """Their roles over the whole of the group."""
        return roles_at(self.held, corporation_id=row.corporation_id, group_id=str(row.group_id))


View = Callable[..., HttpResponseBase]


def requires(permission: Permission, *, fresh: bool = False) -> Callable[[View], View]:
    """Open the view to those who hold the permission somewhere; it is given the Manager.

    `fresh`: with a second factor of the last ten minutes, however recently a page was opened.
    """

    def closing(view: View) -> View:
        @functools.wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            _must_be_readable(request, kwargs)
            if not factors.is_open(request, fresh=fresh):
                return factors.step_up(request)
            manager = _manager(request)
            if not manager.may(permission):
                raise PermissionDenied
            return view(request, manager, *args, **kwargs)

        setattr(checked, "permission", permission)  # noqa: B010  (read by the guard that every page has one)
        return checked

    return closing


def _must_be_readable(request: HttpRequest, places: dict[str, Any]) -> None:
    """A text with a zero byte is none that anything has. Raises BadRequest."""
    sent = [text for given in (request.GET, request.POST) for _name, texts in given.lists() for text in texts]
    if any("\0" in str(text) for text in (*sent, *places.values())):
        raise BadRequest


def _manager(request: HttpRequest) -> Manager:
    person: Any = request.user
    return Manager(person.pk, person.corporation_id, groups.held(person.pk))


def chosen(manager: Manager, account_ids: Iterable[str], permission: Permission) -> tuple[Person, ...]:
    """The accounts of a selection, each of them theirs to do this with: two statements, however many.

    Raises Http404 for one that is not theirs to see, PermissionDenied for one that is not theirs to touch.
    """
    ids = tuple(dict.fromkeys(account_ids))
    found = directory.people(manager.scope(Permission.ACCOUNTS_VIEW), Search(ids=ids, size=len(ids)))
    if not ids or found.total != len(ids):
        raise Http404
    theirs, scope = groups.held_by(ids), manager.scope(permission)
    for row in found.rows:
        place = {"corporation_id": row.corporation_id, "group_id": row.group_id, "unit_id": row.unit_id}
        above = not may_act_on(manager.held, theirs.get(row.account_id, ()), corporation_id=row.corporation_id)
        if not scope.covers(**place) or (above and row.account_id != manager.account_id):
            raise PermissionDenied
    return found.rows

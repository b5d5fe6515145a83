"""Who works here: each page names the permission it needs, and gets the one of the operator's people who asks.

To everybody else the desk does not exist (404). A second factor that is too old is asked for, as at the admin site.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from noren.groups import queries as groups
from noren.groups.queries import StaffRow
from noren.groups.rules import Permission
from noren.kit.actor import Actor, ActorKind
from noren.web import factors

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Clerk:
    """The one who asks, and as whom they act."""

    row: StaffRow

    @property
    def actor(self) -> Actor:
        """As the one who acts."""
        return Actor(ActorKind.STAFF, self.row.account_id)


def requires(permission: Permission, *, fresh: bool = False) -> Callable[[View], View]:
    """Open the view to the operator's people with the permission; it is given the Clerk.

    `fresh`: with a second factor of the last ten minutes, however recently a page was opened.
    """

    def closing(view: View) -> View:
        @functools.wraps(view)
        def checked(request: HttpRequest, **places: Any) -> HttpResponseBase:
            row = groups.staff_of(str(request.user.pk))
            if row is None:
                raise Http404
            if not factors.is_open(request, fresh=fresh):
                return factors.step_up(request)
            if not row.may(permission):
                raise PermissionDenied
            return view(request, Clerk(row), **places)

        setattr(checked, "permission", permission)  # noqa: B010  (read by the test that every page has one)
        return checked

    return closing

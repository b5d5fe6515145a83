"""Whose pages these are: the person's members, which is all that the site ever shows."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from noren.accounts import queries as accounts
from noren.members import queries as members
from noren.members.queries import Profile
from noren.members.rules import MemberKind
from noren.web import factors

Page = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Person:
    """The members of one person: the account itself and its lines, as far as they ever joined."""

    account_id: str
    profiles: tuple[Profile, ...]

    @property
    def wallets(self) -> list[UUID]:
        """A member's wallet has the member's uid."""
        return [profile.uid for profile in self.profiles]

    def profile(self, uid: UUID) -> Profile:
        """The person's member of that uid. Raises Http404 for anybody else's."""
        found = next((profile for profile in self.profiles if profile.uid == uid), None)
        if found is None:
            raise Http404
        return found


def name_of(profile: Profile) -> str:
    """What the person calls the member: the phone number, or else the line's id; the account is the account."""
    if profile.kind == MemberKind.ACCOUNT:
        return _("Business account")
    return profile.phone_number or profile.member_id


def members_only(page: Page) -> Page:
    """Give the page its Person; one who is in no programme is told so."""
    return require_GET(_of_members(page))


def acting(page: Page) -> Page:
    """The same for a page that uses points: it asks for a second factor of the last ten minutes first."""

    @require_http_methods(["GET", "POST"])
    @functools.wraps(page)
    def asked(request: HttpRequest, **places: Any) -> HttpResponseBase:
        if factors.is_fresh(request):
            return _of_members(page)(request, **places)
        return factors.step_up(request)

    return asked


def _of_members(page: Page) -> Page:
    @functools.wraps(page)
    def answer(request: HttpRequest, **places: Any) -> HttpResponseBase:
        account_id = str(request.user.pk)
        known = members.profiles(account_id, accounts.line_ids(account_id))
        found = tuple(profile for profile in known if profile.joined_on is not None)
        if not found:
            return render(request, "member_site/no_member.html")
        return page(request, Person(account_id, found), **places)

    return answer

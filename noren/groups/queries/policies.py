"""The security policies of places, what comes of them for an account, and whom one would meet."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from noren.accounts import policy as rules
from noren.accounts import queries as accounts
from noren.accounts.policy import Settings
from noren.groups.models import DeniedService, Group, Policy
from noren.groups.rules import PolicyPlace
from noren.kit import sql
from noren.members import queries as members


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """What a place asks now, and (with `coming_at`) what it will ask from then on."""

    settings: Settings
    coming: Settings
    coming_at: datetime | None
    set_by: str
    set_at: datetime | None


NOTHING = PolicyRow(Settings(), Settings(), None, "", None)


def policy(place: PolicyPlace, now: datetime) -> PolicyRow:
    """The policy of the place; one without settings when it has none."""
    rows = list(Policy.objects.filter(place=place.name).order_by("from_at"))
    if not rows:
        return NOTHING
    begun = [row for row in rows if row.from_at <= now]
    later = [row for row in rows if row.from_at > now]
    return PolicyRow(
        settings=rules.of_facts(begun[-1].settings) if begun else Settings(),
        coming=rules.of_facts(later[0].settings) if later else Settings(),
        coming_at=later[0].from_at if later else None,
        set_by=rows[-1].set_by,
        set_at=rows[-1].set_at,
    )


def lock_policies(places: Collection[str]) -> bool:
    """Keep what these places ask as it is until the transaction ends; False: they ask nothing.

    Who reads it afterwards reads what has been committed until then.
    """
    return bool(Policy.objects.filter(place__in=list(places)).select_for_update().order_by("place", "from_at"))


def versions(places: Collection[str]) -> tuple[rules.Version, ...]:
    """What the places of these names ask, and from when on."""
    rows = Policy.objects.filter(place__in=list(places)).order_by("place", "from_at")
    return tuple(rules.Version(row.place, row.from_at, rules.of_facts(row.settings)) for row in rows)


def placed(place: PolicyPlace) -> tuple[str, ...]:
    """The accounts to which the place's policy applies."""
    asked = {"corporation_id": place.corporation_id, "group_id": place.group_id or None}
    return tuple(sql.rows(str, "groups", "place_accounts.sql", asked))


def places_of(account_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each of the accounts the names of the places whose policies apply to it: one statement."""
    asked = {"account_ids": list(account_ids)}
    return dict(sql.rows(lambda one, places: (one, tuple(places)), "groups", "places.sql", asked))


@dataclass(frozen=True, slots=True)
class EffectiveRow:
    """What applies to an account now and from when on what will; `places`: what people call the places."""

    standing: rules.Standing
    places: Mapping[str, str]

    def whose(self, sources: Iterable[str]) -> tuple[str, ...]:
        """The places by the names that people know."""
        return tuple(sorted(self.places.get(place, place) for place in sources))


def effective(account_id: str, now: datetime) -> EffectiveRow | None:
    """What applies to the account, and whose it is; None: nothing does."""
    standing = accounts.standing(account_id, now)
    if standing is None:
        return None
    steps = (standing.effective, *(one for _at, one in standing.coming))
    asking = {place for step in steps for sources in step.sources.values() for place in sources}
    return EffectiveRow(standing, _called(asking))


def _called(names: Collection[str]) -> dict[str, str]:
    places = [PolicyPlace.named(name) for name in names]
    groups = Group.objects.filter(group_id__in=[place.group_id for place in places if place.group_id])
    found = {PolicyPlace(group_id=str(row.group_id)).name: row.name for row in groups}
    corporations = [place for place in places if place.corporation_id]
    return found | {place.name: members.corporation_name(place.corporation_id) for place in corporations}


def denied_services(place: PolicyPlace) -> set[str]:
    """The partner services that the place denies."""
    return set(DeniedService.objects.filter(place=place.name).values_list("client_id", flat=True))


def may_link(account_id: str, client_id: str) -> bool:
    """Whether none of the places that apply to the account denies the service: one statement."""
    asked = {"account_id": account_id, "client_id": client_id}
    return not sql.value("groups", "denied.sql", asked)


def requires_approval(account_ids: Iterable[str], now: datetime) -> bool:
    """Whether a policy that applies to one of them asks for a second administrator where that matters."""
    wanted = {place for places in places_of(list(account_ids)).values() for place in places}
    return rules.in_force(versions(wanted), now).settings.second_approval


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """Whom a policy would meet: accounts in use, those that could sign in as it asks, and those that must set up more.

    `signed_in` and `outside` count accounts that are signed in now: all, and those in none of its networks.
    """

    accounts: int
    ready: int
    to_set_up: int
    signed_in: int
    outside: int


def fulfilment(place: PolicyPlace, settings: Settings, now: datetime) -> Fulfilment:
    """How many accounts of the place fulfil these settings today, and how many they would shut out."""
    asked = {"account_ids": list(placed(place)), "now": now}
    factors = sql.rows(lambda has, count: (has, count), "groups", "factors.sql", asked)
    addresses = sql.rows(lambda address, count: (address, count), "groups", "addresses.sql", asked)
    everybody = sum(count for _has, count in factors)
    ready = sum(count for has, count in factors if rules.is_ready(settings, has))
    outside = sum(count for address, count in addresses if not rules.is_within(settings.networks, address))
    return Fulfilment(everybody, ready, everybody - ready, sum(count for _address, count in addresses), outside)

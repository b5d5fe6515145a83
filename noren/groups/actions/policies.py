"""Set what a place asks of its accounts, and keep every account under the policies of the places in which it is."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts import actions as accounts
from noren.accounts import policy as rules
from noren.accounts.policy import Settings
from noren.audit import actions as audit
from noren.groups.actions import refusals
from noren.groups.actions.rows import locked
from noren.groups.models import Policy
from noren.groups.queries import policies as queries
from noren.groups.rules import PolicyPlace
from noren.kit import sql
from noren.kit.actor import Actor, ActorKind
from noren.members import queries as members


@transaction.atomic
def set_policy(
    place: PolicyPlace,
    settings: Settings,
    *,
    grace_until: datetime | None = None,
    address: str = "",
    confirmed: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """What the place asks of its accounts from `grace_until` on (None: at once); until then, what it asked before.

    `address` is the actor's: networks without it are refused unless `confirmed`, when they would apply to the actor.
    Raises BadPolicy, OwnNetwork, UnknownGroup, WrongState, UnknownCorporation.
    """
    settings = tidy_policy(settings)
    _must_be_possible(settings, grace_until, now)
    scope, from_at = _held(place), grace_until or now
    if address and not confirmed and not rules.is_within(settings.networks, address) and _applies_to(actor, place):
        raise refusals.own_network(address)
    is_first = not queries.lock_policies([place.name])
    before = queries.policy(place, now).settings
    _write(place, settings, from_at, actor, now)
    _renew(place)
    if is_first:
        follow(queries.placed(place))
    _record(place, scope=scope, before=before, after=settings, from_at=from_at, actor=actor, now=now)


@transaction.atomic
def clear_policy(place: PolicyPlace, *, actor: Actor, now: datetime) -> bool:
    """The place asks nothing any more; False: it asked nothing. Raises UnknownGroup, WrongState, UnknownCorporation."""
    scope = _held(place)
    before = queries.policy(place, now).settings
    if not _end(place):
        return False
    _record(place, scope=scope, before=before, after=Settings(), from_at=now, actor=actor, now=now)
    return True


def end_policy(group_id: UUID) -> None:
    """The group ends, and what it asked with it."""
    _end(PolicyPlace(group_id=str(group_id)))


def _end(place: PolicyPlace) -> bool:
    placed = queries.placed(place)
    # Accounts before policies, as in `follow`, so that neither waits for the other.
    accounts.hold_accounts(placed)
    gone, _rows = Policy.objects.filter(place=place.name).delete()
    if gone:
        _renew(place)
        follow(placed)
    return bool(gone)


def follow(account_ids: Collection[str]) -> None:
    """Put these accounts under the policies of the places in which they are now. A fixed number of statements.

    Whatever changes where accounts are ends with this: who is put into a group, gets a role, or goes to a corporation.
    """
    if not account_ids:
        return
    accounts.hold_accounts(account_ids)
    placed = queries.places_of(account_ids)
    for places in accounts.unkept({places for places in placed.values() if places}):
        queries.lock_policies(places)
        accounts.keep_policy(places, queries.versions(places))
    accounts.put_under({one: accounts.policy_of(places) if places else None for one, places in placed.items()})


def _renew(place: PolicyPlace) -> None:
    """Whatever is kept of the place together with others; the accounts under it need not be touched."""
    for places in accounts.hold_policies(place.name):
        accounts.keep_policy(places, queries.versions(places))


def _write(place: PolicyPlace, settings: Settings, from_at: datetime, actor: Actor, now: datetime) -> None:
    """The settings from then on; until then, what is in force now."""
    mine = Policy.objects.filter(place=place.name)
    stays = mine.filter(from_at__lte=now).order_by("-from_at").values_list("pk", flat=True)[:1]
    (mine if from_at <= now else mine.exclude(pk__in=list(stays))).delete()
    Policy.objects.create(
        place=place.name,
        corporation_id=place.corporation_id or None,
        group_id=place.group_id or None,
        from_at=from_at,
        settings=rules.facts(settings),
        set_by=str(actor),
        set_at=now,
    )


def tidy_policy(settings: Settings) -> Settings:
    """Networks in one form. Raises BadPolicy."""
    if settings.networks is None:
        return settings
    try:
        networks = rules.tidy_networks(settings.networks)
    except ValueError as error:
        message = _("A network is written as an address, or as the first of its addresses and a prefix: 192.0.2.0/24.")
        raise refusals.BadPolicy(message) from error
    kept = rules.facts(settings) | {"networks": networks or None}
    return rules.of_facts(kept)


def _applies_to(actor: Actor, place: PolicyPlace) -> bool:
    return actor.kind is ActorKind.MEMBER and actor.name in queries.placed(place)


def _must_be_possible(settings: Settings, grace_until: datetime | None, now: datetime) -> None:
    """Raises BadPolicy."""
    length, devices, networks = settings.session_minutes, settings.devices, settings.networks or ()
    if length is not None and not rules.SHORTEST_SESSION <= length <= rules.LONGEST_SESSION:
        message = _("A sign-in lasts %(least)d to %(most)d minutes.")
        raise refusals.BadPolicy(message, least=rules.SHORTEST_SESSION, most=rules.LONGEST_SESSION)
    if devices is not None and not 1 <= devices <= rules.MOST_DEVICES:
        raise refusals.BadPolicy(_("Allow 1 to %(most)d browsers."), most=rules.MOST_DEVICES)
    if len(networks) > rules.MOST_NETWORKS:
        raise refusals.BadPolicy(_("Name at most %(most)d networks."), most=rules.MOST_NETWORKS)
    if grace_until is not None and not now < grace_until <= now + rules.LONGEST_GRACE:
        raise refusals.BadPolicy(_("A period of grace ends in the future, within a year."))


def _held(place: PolicyPlace) -> str:
    """Let nobody come into the place until the transaction ends; gives the id of its corporation."""
    if place.group_id:
        return locked(UUID(place.group_id)).corporation_id
    if not sql.value("groups", "hold_corporation.sql", {"corporation_id": place.corporation_id}):
        members.corporation_name(place.corporation_id)
    return place.corporation_id


def _record(
    place: PolicyPlace,
    *,
    scope: str,
    before: Settings,
    after: Settings,
    from_at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    """One audit row about the place, with what has changed."""
    old, new = rules.facts(before), rules.facts(after)
    changed = [name for name in new if old[name] != new[name]]
    audit.record(
        actor=actor,
        act="policy.set" if after else "policy.clear",
        subject=place.name,
        detail={"from": from_at.isoformat()},
        now=now,
        scope=scope,
        before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
    )

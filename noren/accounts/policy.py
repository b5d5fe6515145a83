"""Security policies: what a place asks of its accounts, the strictest of several, and why something may not be. Pure.

A place is a corporation or a management group; here it is only a text by which it is known. Several places can apply to
one account. For each setting the strictest one wins, and it is known whose it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, reduce
from ipaddress import IPv4Network, IPv6Address, IPv6Network, collapse_addresses, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before everything that can happen here."""

SHORTEST_SESSION, LONGEST_SESSION = 5, 30 * 24 * 60
"""Minutes from signing in."""

MOST_DEVICES = 100
MOST_NETWORKS = 100
LONGEST_GRACE = timedelta(days=366)


class Method(StrEnum):
    """What can be allowed: a passkey, or one of these after the password. By the names of the sign-in history."""

    PASSKEY = "passkey"
    APP = "totp"
    RECOVERY = "recovery_codes"
    MAIL = "mail"
    SMS = "sms"


class Setting(StrEnum):
    """The parts of a policy, by their names in `Settings`."""

    METHODS = "methods"
    SECOND_FACTOR = "second_factor"
    SESSION_MINUTES = "session_minutes"
    NETWORKS = "networks"
    DEVICES = "devices"
    SECOND_APPROVAL = "second_approval"


COUNTED = frozenset({Setting.SESSION_MINUTES, Setting.DEVICES})
"""Of these the least wins, so the places that ask for more have no part in it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a place asks; None and False: nothing. Methods always hold the passkey, so that two places leave one.

    `session_minutes` counts from signing in, `devices` are browsers that are signed in at the same time, `networks` are
    as `tidy_networks` gives them; an empty tuple is what two places leave that have none in common: nowhere.
    """

    methods: frozenset[Method] | None = None
    second_factor: bool = False
    session_minutes: int | None = None
    networks: tuple[str, ...] | None = None
    devices: int | None = None
    second_approval: bool = False

    def __post_init__(self) -> None:
        if self.methods is not None:
            object.__setattr__(self, "methods", frozenset(map(Method, self.methods)) | {Method.PASSKEY})

    def __bool__(self) -> bool:
        return self != Settings()


@dataclass(frozen=True, slots=True)
class Effective:
    """What applies, and for each setting that asks something, whose it is."""

    settings: Settings = field(default_factory=Settings)
    sources: Mapping[Setting, frozenset[str]] = field(default_factory=dict)


def of_place(place: str, settings: Settings) -> Effective:
    """The policy of one place."""
    asked = [setting for setting in Setting if getattr(settings, setting) not in (None, False)]
    return Effective(settings, {setting: frozenset({place}) for setting in asked})


def strictest(parts: Iterable[Effective]) -> Effective:
    """For each setting the strictest, and whose it is. In any order, any of them twice: the same."""
    return reduce(_stricter, parts, Effective())


def _stricter(one: Effective, other: Effective) -> Effective:
    a, b = one.settings, other.settings
    settings = Settings(
        methods=a.methods & b.methods if a.methods and b.methods else a.methods or b.methods,
        second_factor=a.second_factor or b.second_factor,
        session_minutes=_least(a.session_minutes, b.session_minutes),
        networks=_common(a.networks, b.networks),
        devices=_least(a.devices, b.devices),
        second_approval=a.second_approval or b.second_approval,
    )
    found = {setting: _sources(setting, settings, (one, other)) for setting in Setting}
    return Effective(settings, {setting: places for setting, places in found.items() if places})


def _sources(setting: Setting, settings: Settings, parts: tuple[Effective, ...]) -> frozenset[str]:
    value = getattr(settings, setting)
    asking = [part for part in parts if setting not in COUNTED or getattr(part.settings, setting) == value]
    return frozenset().union(*(part.sources.get(setting, frozenset()) for part in asking))


def _least(one: int | None, other: int | None) -> int | None:
    return min((value for value in (one, other) if value is not None), default=None)


def _common(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The addresses that are in both."""
    if one is None or other is None:
        return one if other is None else other
    found = [
        narrow
        for a in _parsed(one)
        for b in _parsed(other)
        for narrow, wide in ((a, b), (b, a))
        if _lies_in(narrow, wide)
    ]
    return _written(found)


def _lies_in(narrow: Network, wide: Network) -> bool:
    if isinstance(narrow, IPv4Network):
        return isinstance(wide, IPv4Network) and narrow.subnet_of(wide)
    return isinstance(wide, IPv6Network) and narrow.subnet_of(wide)


def tidy_networks(networks: Iterable[str]) -> tuple[str, ...]:
    """The networks in one form, whatever their order and overlaps. Raises ValueError for what is none.

    A single address is a network of its own; bits behind the prefix are not believed to be meant.
    """
    return _written(ip_network(text.strip()) for text in networks)


def _written(networks: Iterable[Network]) -> tuple[str, ...]:
    found = set(networks)
    four = collapse_addresses(one for one in found if isinstance(one, IPv4Network))
    six = collapse_addresses(one for one in found if isinstance(one, IPv6Network))
    return tuple(str(one) for one in (*four, *six))


@lru_cache(maxsize=1024)
def _parsed(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in networks)


def is_within(networks: tuple[str, ...] | None, address: str) -> bool:
    """Whether the address lies in one of them; None: every one does. What is no address lies in none."""
    if networks is None:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in _parsed(networks))


class Why(StrEnum):
    """Why something may not be: codes that never change."""

    METHOD = "policy.method"
    SECOND_FACTOR = "policy.second_factor"
    SESSION_LENGTH = "policy.session_length"
    NETWORK = "policy.network"
    DEVICES = "policy.devices"


ASKED_BY: Mapping[Why, Setting] = {
    Why.METHOD: Setting.METHODS,
    Why.SECOND_FACTOR: Setting.SECOND_FACTOR,
    Why.SESSION_LENGTH: Setting.SESSION_MINUTES,
    Why.NETWORK: Setting.NETWORKS,
    Why.DEVICES: Setting.DEVICES,
}

ENDING = frozenset({Why.SESSION_LENGTH, Why.NETWORK, Why.DEVICES})
"""What ends a sign-in; the others can be made good in it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is about to happen: what was used in this sign-in, from where it comes, since when it lasts.

    `newer`: sign-ins of the same account that were begun later and live. `began_at` None: it is just beginning.
    """

    methods: frozenset[str]
    address: str
    began_at: datetime | None
    at: datetime
    newer: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against it, and whose rule that is."""

    why: Why
    sources: frozenset[str]


def why_not(effective: Effective, attempt: Attempt) -> tuple[Reason, ...]:
    """What speaks against it under this policy; nothing: it may be."""
    asked = effective.settings
    against = {
        Why.NETWORK: not is_within(asked.networks, attempt.address),
        Why.DEVICES: asked.devices is not None and attempt.newer >= asked.devices,
        Why.SESSION_LENGTH: _is_over(asked.session_minutes, attempt),
        Why.METHOD: not is_method_allowed(asked, attempt.methods),
        Why.SECOND_FACTOR: asked.second_factor and not _methods_in(attempt.methods),
    }
    return tuple(Reason(why, effective.sources[ASKED_BY[why]]) for why, speaks in against.items() if speaks)


def _is_over(minutes: int | None, attempt: Attempt) -> bool:
    if minutes is None or attempt.began_at is None:
        return False
    return attempt.at >= attempt.began_at + timedelta(minutes=minutes)


def is_method_allowed(settings: Settings, used: Iterable[str]) -> bool:
    """Whether one of the allowed methods is among those; without a list anything is."""
    return settings.methods is None or bool(settings.methods & _methods_in(used))


def _methods_in(used: Iterable[str]) -> frozenset[Method]:
    names = frozenset(used)
    return frozenset(method for method in Method if method in names)


def may_trust_browsers(settings: Settings) -> bool:
    """Whether a trusted browser may skip the second step: where a method or a second factor is asked, it may not."""
    return settings.methods is None and not settings.second_factor


def is_ready(settings: Settings, has: Iterable[str]) -> bool:
    """Whether somebody who has set these up can sign in as it is asked, without setting up more."""
    if settings.methods is None:
        return not settings.second_factor or bool(_methods_in(has))
    return is_method_allowed(settings, has)


@dataclass(frozen=True, slots=True)
class Version:
    """The policy of a place from that moment on."""

    place: str
    from_at: datetime
    settings: Settings


@dataclass(frozen=True, slots=True)
class Step:
    """What applies from one moment to another (None: for good)."""

    from_at: datetime
    until_at: datetime | None
    effective: Effective


def timeline(versions: Iterable[Version]) -> tuple[Step, ...]:
    """What applies when, without a gap: it changes by itself at the moment at which a grace period ends."""
    found = sorted(versions, key=lambda version: version.from_at)
    moments = sorted({BEGINNING, *(version.from_at for version in found)})
    ends = (*moments[1:], None)
    return tuple(Step(begin, end, in_force(found, begin)) for begin, end in zip(moments, ends, strict=True))


def in_force(versions: Iterable[Version], at: datetime) -> Effective:
    """The strictest of what each place asks at that moment: its last version that has begun."""
    began = sorted((one for one in versions if one.from_at <= at), key=lambda version: version.from_at)
    latest = {version.place: version.settings for version in began}
    return strictest(of_place(place, settings) for place, settings in latest.items())


def facts(settings: Settings) -> dict[str, Any]:
    """The settings as they are kept."""
    return {
        "methods": None if settings.methods is None else sorted(settings.methods),
        "second_factor": settings.second_factor,
        "session_minutes": settings.session_minutes,
        "networks": None if settings.networks is None else list(settings.networks),
        "devices": settings.devices,
        "second_approval": settings.second_approval,
    }


def of_facts(kept: Mapping[str, Any]) -> Settings:
    """What `facts` gave; more than that may be beside it."""
    methods, networks = kept["methods"], kept["networks"]
    return Settings(
        methods=None if methods is None else frozenset(map(Method, methods)),
        second_factor=kept["second_factor"],
        session_minutes=kept["session_minutes"],
        networks=None if networks is None else tuple(networks),
        devices=kept["devices"],
        second_approval=kept["second_approval"],
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What applies to an account now, and what will, each from a moment on."""

    effective: Effective
    coming: tuple[tuple[datetime, Effective], ...]

    def unmet_later(self, attempt: Attempt) -> tuple[datetime, tuple[Reason, ...]] | None:
        """From when on what is coming speaks against the same attempt, and what; None: it will do.

        How long a sign-in lasts and how many there are is no matter now: these begin anew.
        """
        for from_at, effective in self.coming:
            lasting = Attempt(attempt.methods, attempt.address, None, attempt.at)
            if reasons := why_not(effective, lasting):
                return from_at, reasons
        return None


def standing_of(step: Mapping[str, Any]) -> Standing:
    """A step of a policy as it is kept."""
    later = ((datetime.fromisoformat(one["from_at"]), _effective(one)) for one in step["coming"])
    return Standing(_effective(step), tuple(later))


def _effective(kept: Mapping[str, Any]) -> Effective:
    sources = {Setting(name): frozenset(places) for name, places in kept["sources"].items()}
    return Effective(of_facts(kept), sources)


def method_of(record: Mapping[str, Any]) -> str:
    """What was used, from a record of a sign-in: password, mail, sms, totp, recovery_codes, passkey, link."""
    if record["method"] == "mfa":
        return "passkey" if record["type"] == "webauthn" else str(record["type"])
    return str(record.get("channel", record["method"]))

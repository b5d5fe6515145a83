"""How often something may be tried: by account, address and organisation, counted alike in every process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.utils.translation import gettext_lazy as _

from noren.kit import sql
from noren.kit.errors import Overloaded
from noren.kit.secrets import hashed


class TooOften(Overloaded):
    """A limit was reached; the counters start again by themselves."""

    code = "limit.reached"


@dataclass(frozen=True)
class Limit:
    """At most `times` in `seconds` of what is called `name` by whoever `key` names."""

    name: str
    key: str
    times: int
    seconds: int

    @property
    def counter(self) -> str:
        """The key of its row. What a person typed is kept only as a hash."""
        return f"limit:{self.name}:{hashed(self.key)}"


def count(limits: Sequence[Limit], *, now: datetime) -> None:
    """Count one attempt under every limit, in one statement. Raises TooOften when one of them is passed."""
    asked = {limit.counter: limit for limit in limits}
    found = sql.rows(
        _Counted,
        "accounts",
        "count_attempts.sql",
        {"keys": list(asked), "seconds": [limit.seconds for limit in asked.values()], "now": now},
    )
    passed = [counted.wait for counted in found if counted.times > asked[counted.counter].times]
    if passed:
        raise TooOften(_("That was tried too often. Please wait a while and try again."), seconds=max(1, *passed))


def network(address: str) -> str:
    """What an address is counted by: all of a /64 are at the free choice of one host. What is none: itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), 128)).supernet(new_prefix=64))


@dataclass(frozen=True)
class _Counted:
    counter: str
    times: int
    wait: int

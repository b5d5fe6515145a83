"""From where something is tried: what one network can choose freely counts as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noren.accounts.limits import network


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:2", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_addresses_of_one_network_count_as_one(address: str, counted: str) -> None:
    assert network(address) == counted


@given(st.ip_addresses(v=4), st.ip_addresses(v=4))
def test_old_addresses_stay_apart(one: object, other: object) -> None:
    assert (network(str(one)) == network(str(other))) is (one == other)


@given(st.text())
def test_what_is_no_address_counts_as_it_is(text: str) -> None:
    assert isinstance(network(text), str)

"""Policies and sign-ins at random."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from noren.accounts.policy import Attempt, Effective, Method, Settings, Version, of_place, tidy_networks

NOON = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
NETWORKS = ("192.0.2.0/24", "192.0.2.0/25", "192.0.2.64/26", "198.51.100.0/24", "192.0.0.0/16", "2001:db8::/32")
ADDRESSES = ("192.0.2.1", "192.0.2.70", "192.0.2.200", "198.51.100.9", "2001:db8::1", "::ffff:192.0.2.1", "unknown", "")
METHODS = ("password", "trusted_browser", "link", *Method)

networks = st.none() | st.sets(st.sampled_from(NETWORKS), min_size=1).map(tidy_networks)
settings = st.builds(
    Settings,
    methods=st.none() | st.frozensets(st.sampled_from(Method)),
    second_factor=st.booleans(),
    session_minutes=st.none() | st.integers(5, 600),
    networks=networks,
    devices=st.none() | st.integers(1, 4),
    second_approval=st.booleans(),
)
places = st.sampled_from(["corporation:C1", "group:a", "group:b"])
parts = st.builds(of_place, places, settings)
moments = st.integers(-600, 600).map(lambda minutes: NOON + timedelta(minutes=minutes))
attempts = st.builds(
    Attempt,
    methods=st.frozensets(st.sampled_from(METHODS)),
    address=st.sampled_from(ADDRESSES),
    began_at=st.none() | st.integers(0, 700).map(lambda minutes: NOON - timedelta(minutes=minutes)),
    at=st.just(NOON),
    newer=st.integers(0, 5),
)
versions = st.lists(
    st.builds(Version, places, moments, settings), max_size=6, unique_by=lambda one: (one.place, one.from_at)
)


def same(one: Effective, other: Effective) -> bool:
    return (one.settings, dict(one.sources)) == (other.settings, dict(other.sources))

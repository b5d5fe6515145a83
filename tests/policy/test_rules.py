"""The rule: the strictest wins, whatever the order; what it asks is explained."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noren.accounts import policy
from noren.accounts.policy import (
    Attempt,
    Effective,
    Method,
    Setting,
    Settings,
    Version,
    Why,
    of_place,
    strictest,
    why_not,
)
from tests.policy.worlds import ADDRESSES, NETWORKS, NOON, attempts, moments, networks, parts, same, settings, versions

PASSKEYS = frozenset({Method.PASSKEY})


@given(parts, parts, parts)
def test_the_order_does_not_matter(a: Effective, b: Effective, c: Effective) -> None:
    assert same(strictest([strictest([a, b]), c]), strictest([a, strictest([b, c])]))
    assert same(strictest([a, b]), strictest([b, a]))


@given(parts)
def test_twice_is_once_and_nothing_adds_nothing(one: Effective) -> None:
    assert same(strictest([one, one]), one)
    assert same(strictest([one, Effective()]), one)


@given(st.lists(parts, max_size=4), attempts)
def test_it_is_never_weaker_than_a_part(several: list[Effective], attempt: Attempt) -> None:
    against = {reason.why for reason in why_not(strictest(several), attempt)}
    for part in several:
        assert {reason.why for reason in why_not(part, attempt)} <= against


@given(st.lists(parts, max_size=4), attempts)
def test_it_is_no_stricter_than_its_parts(several: list[Effective], attempt: Attempt) -> None:
    """But for methods: who used two of them can fulfil each part by another one, and all of them by none."""
    against = {reason.why for reason in why_not(strictest(several), attempt)} - {Why.METHOD}
    assert against <= {reason.why for part in several for reason in why_not(part, attempt)}


@given(st.lists(parts, max_size=4))
def test_whose_rule_it_is_is_known_of_every_setting_that_asks(several: list[Effective]) -> None:
    found = strictest(several)
    asking = {setting for setting in Setting if getattr(found.settings, setting) not in (None, False)}
    assert set(found.sources) == asking
    for setting, places in found.sources.items():
        assert places
        assert places <= {place for part in several for place in part.sources.get(setting, ())}


def test_only_who_asks_for_the_least_is_named() -> None:
    found = strictest([of_place("a", Settings(devices=3)), of_place("b", Settings(devices=1))])
    assert (found.settings.devices, found.sources[Setting.DEVICES]) == (1, frozenset({"b"}))


@given(st.frozensets(st.sampled_from(Method)), st.frozensets(st.sampled_from(Method)))
def test_what_is_in_both_lists_is_allowed_and_a_passkey_always(
    one: frozenset[Method], other: frozenset[Method]
) -> None:
    found = strictest([of_place("a", Settings(methods=one)), of_place("b", Settings(methods=other))])
    assert found.settings.methods == (one & other) | PASSKEYS


@given(networks, networks, st.sampled_from(ADDRESSES))
def test_two_lists_of_networks_leave_what_is_in_both(
    one: tuple[str, ...] | None, other: tuple[str, ...] | None, address: str
) -> None:
    both = strictest([of_place("a", Settings(networks=one)), of_place("b", Settings(networks=other))]).settings.networks
    inside = policy.is_within(one, address) and policy.is_within(other, address)
    assert policy.is_within(both, address) == inside


@given(st.lists(st.sampled_from(NETWORKS), min_size=1), st.integers(0, 2**32 - 1))
def test_networks_in_one_form_are_the_same_networks(written: list[str], number: int) -> None:
    address = ip_address(number)
    assert policy.is_within(policy.tidy_networks(written), str(address)) == any(
        address in ip_network(one) for one in written
    )


@pytest.mark.parametrize("text", ["", "office", "192.0.2.1/24", "192.0.2.0/33", "192.0.2", "::1/129"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        policy.tidy_networks([text])


def test_an_address_of_version_four_in_six_is_the_same_address() -> None:
    assert policy.is_within(("192.0.2.0/24",), "::ffff:192.0.2.1")


@pytest.mark.parametrize(
    ("asked", "attempt", "why"),
    [
        (Settings(methods=PASSKEYS), Attempt(frozenset({"password", "mail"}), "", NOON, NOON), Why.METHOD),
        (Settings(methods=PASSKEYS), Attempt(frozenset({"password", "mail", "passkey"}), "", NOON, NOON), None),
        (
            Settings(second_factor=True),
            Attempt(frozenset({"password", "trusted_browser"}), "", NOON, NOON),
            Why.SECOND_FACTOR,
        ),
        (Settings(second_factor=True), Attempt(frozenset({"password", "mail"}), "", NOON, NOON), None),
        (
            Settings(session_minutes=60),
            Attempt(frozenset(), "", NOON - timedelta(minutes=60), NOON),
            Why.SESSION_LENGTH,
        ),
        (Settings(session_minutes=60), Attempt(frozenset(), "", NOON - timedelta(minutes=59), NOON), None),
        (Settings(networks=("192.0.2.0/24",)), Attempt(frozenset(), "192.0.3.1", NOON, NOON), Why.NETWORK),
        (Settings(networks=()), Attempt(frozenset(), "192.0.2.1", NOON, NOON), Why.NETWORK),
        (Settings(devices=1), Attempt(frozenset(), "", NOON, NOON, newer=1), Why.DEVICES),
        (Settings(devices=2), Attempt(frozenset(), "", NOON, NOON, newer=1), None),
        (Settings(second_approval=True), Attempt(frozenset(), "", NOON, NOON), None),
    ],
)
def test_each_setting_speaks_against_what_it_forbids(asked: Settings, attempt: Attempt, why: Why | None) -> None:
    found = why_not(of_place("group:a", asked), attempt)
    assert [(reason.why, reason.sources) for reason in found] == ([(why, frozenset({"group:a"}))] if why else [])


@given(versions, moments)
def test_at_every_moment_one_step_says_what_is_in_force(written: list[Version], at: object) -> None:
    steps = policy.timeline(written)
    assert steps[0].from_at == policy.BEGINNING
    assert steps[-1].until_at is None
    assert [step.until_at for step in steps[:-1]] == [step.from_at for step in steps[1:]]
    [now] = [step for step in steps if step.from_at <= at and (step.until_at is None or at < step.until_at)]  # type: ignore[operator]
    assert same(now.effective, policy.in_force(written, at))  # type: ignore[arg-type]


@given(settings)
def test_settings_are_kept_as_they_are(asked: Settings) -> None:
    assert policy.of_facts(policy.facts(asked)) == asked


@given(settings, st.frozensets(st.sampled_from(Method)))
def test_who_is_ready_can_sign_in_with_what_they_have(asked: Settings, has: frozenset[Method]) -> None:
    attempt = Attempt(has, "192.0.2.1", None, NOON)
    ways = {Why.METHOD, Why.SECOND_FACTOR}
    against = {reason.why for reason in why_not(of_place("a", asked), attempt)} & ways
    assert policy.is_ready(asked, has) == (not against)


@given(settings)
def test_trusted_browsers_skip_the_second_step_only_where_none_is_asked(asked: Settings) -> None:
    attempt = Attempt(frozenset({"password", "trusted_browser"}), "192.0.2.1", None, NOON)
    against = {reason.why for reason in why_not(of_place("a", asked), attempt)} & {Why.METHOD, Why.SECOND_FACTOR}
    assert policy.may_trust_browsers(asked) == (not against)

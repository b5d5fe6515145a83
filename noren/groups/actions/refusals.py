"""The ways in which groups say no."""

from django.utils.translation import gettext_lazy as _

from noren.groups.rules import (
    GROUPS_PER_CORPORATION,
    HOLDERS_PER_GROUP,
    MEMBERS_PER_GROUP,
    NAME_LENGTH,
    UNITS_PER_GROUP,
    Role,
)
from noren.kit.errors import Refusal


class NeedsLine(Refusal):
    """Only a corporation with a line makes groups."""

    code = "group.needs_line"


class BadName(Refusal):
    """No name, too long, or taken."""

    code = "group.bad_name"


class TooMany(Refusal):
    """A size limit is reached."""

    code = "group.too_many"


class WrongState(Refusal):
    """The group is not in the state that this needs."""

    code = "group.wrong_state"


class NotOurs(Refusal):
    """A member, unit or account that does not belong to the group or its corporations."""

    code = "group.not_ours"


class InAnotherGroup(Refusal):
    """A member is in one group at a time."""

    code = "group.in_another"


class NotInGroup(Refusal):
    """Who is to leave is not there."""

    code = "group.not_in_it"


class StillRepresents(Refusal):
    """The representative stays until somebody else is, or the group is dissolved."""

    code = "group.representative"


class LastAdministrator(Refusal):
    """A corporation keeps one administrator."""

    code = "group.last_administrator"


class NotConsented(Refusal):
    """Not every corporation has consented."""

    code = "group.not_consented"


class BadEvidence(Refusal):
    """No file, or one that is too large."""

    code = "group.bad_evidence"


class BadPolicy(Refusal):
    """A security policy that nobody could fulfil, or that cannot be kept."""

    code = "policy.bad"


class BadShop(Refusal):
    """Not a code of a shop."""

    code = "staff.bad_shop"


class NotStaff(Refusal):
    """The account is none of the operator's people."""

    code = "staff.none"


class OwnNetwork(Refusal):
    """Who sets the networks would not be in them."""

    code = "policy.own_network"


def own_network(address: str) -> OwnNetwork:
    """The one who sets the networks would be signed out at once."""
    return OwnNetwork(
        _("You come from %(address)s, which is in none of these networks. You would be signed out at once."),
        address=address,
    )


def too_many_members() -> TooMany:
    """The group would be too large."""
    return TooMany(_("A group has at most %(most)d lines and accounts."), most=MEMBERS_PER_GROUP)


def too_many_groups() -> TooMany:
    """The corporation would have too many groups."""
    return TooMany(_("A corporation has at most %(most)d groups."), most=GROUPS_PER_CORPORATION)


def too_many_holders() -> TooMany:
    """The group would have too many people with a permission."""
    return TooMany(_("At most %(most)d people hold a permission in a group."), most=HOLDERS_PER_GROUP)


def too_many_units() -> TooMany:
    """The group would have too many units."""
    return TooMany(_("A group has at most %(most)d departments and sites."), most=UNITS_PER_GROUP)


def bad_name() -> BadName:
    """A name that nobody could read."""
    return BadName(_("Give a name of 1 to %(most)d characters."), most=NAME_LENGTH)


def name_taken(name: str) -> BadName:
    """Another one has that name."""
    return BadName(_("The name “%(name)s” is taken."), name=name)


def not_for_role(role: Role) -> WrongState:
    """A role that is not given this way."""
    return WrongState(_("The role %(role)s is not given here."), role=role)

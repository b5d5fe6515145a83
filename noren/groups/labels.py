"""What people read for roles and permissions, and the table of both. The docs' table is printed from here, too."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from noren.groups.rules import GRANTS, OF_STAFF, STAFF_GRANTS, Permission, Role, StaffRole

ROLES: Mapping[Role, object] = {
    Role.ADMINISTRATOR: gettext_lazy("Administrator"),
    Role.REPRESENTATIVE: gettext_lazy("Representative"),
    Role.MANAGING_USER: gettext_lazy("Managing user"),
    Role.MANAGE_USERS: gettext_lazy("Manages users"),
    Role.MANAGE_POINTS: gettext_lazy("Manages points"),
}
STAFF_ROLES: Mapping[StaffRole, object] = {
    StaffRole.CLERK: gettext_lazy("Shop clerk"),
    StaffRole.SALES: gettext_lazy("Sales representative"),
}
PERMISSIONS: Mapping[Permission, object] = {
    Permission.ACCOUNTS_VIEW: gettext_lazy("See accounts"),
    Permission.ACCOUNTS_ISSUE: gettext_lazy("Issue accounts and invite"),
    Permission.ACCOUNTS_CHANGE: gettext_lazy("Change ID, user data, contact data and lines"),
    Permission.ACCOUNTS_SECURE: gettext_lazy("Lock, sign out, reset passwords, set the second step"),
    Permission.ACCOUNTS_ABOLISH: gettext_lazy("Abolish accounts"),
    Permission.SERVICES_MANAGE: gettext_lazy("Release linked services"),
    Permission.USAGE_VIEW: gettext_lazy("See sign-ins and uses of services"),
    Permission.AUDIT_VIEW: gettext_lazy("See what administrators did"),
    Permission.POLICY_MANAGE: gettext_lazy("Set security rules and which services may be linked"),
    Permission.GROUPS_CREATE: gettext_lazy("Make groups, apply for groups across companies"),
    Permission.GROUPS_VIEW: gettext_lazy("See groups"),
    Permission.GROUPS_MANAGE: gettext_lazy("Add and remove members, departments and sites"),
    Permission.GROUPS_GRANT: gettext_lazy("Give and take permissions of lower roles"),
    Permission.GROUPS_DISSOLVE: gettext_lazy("Replace the representative, dissolve the group"),
    Permission.POINTS_VIEW: gettext_lazy("See the group's points"),
    Permission.POINTS_SPEND: gettext_lazy("Use the group's points"),
    Permission.LIMITS_MANAGE: gettext_lazy("Set limits for using points"),
    Permission.COUNTER_SELL: gettext_lazy("Use a member's points for a device or a repair, with their consent"),
    Permission.COUNTER_REVERSE: gettext_lazy("Give points back for what is returned"),
}


def matrix() -> list[tuple[Permission, object, list[bool]]]:
    """Each permission of customers with what it lets do and, in the order of the roles, whether they have it."""
    return [
        (one, PERMISSIONS[one], [one in GRANTS[role] for role in Role]) for one in Permission if one not in OF_STAFF
    ]


def staff_matrix() -> list[tuple[Permission, object, list[bool]]]:
    """The same for the operator's people."""
    return [
        (one, PERMISSIONS[one], [one in STAFF_GRANTS[role] for role in StaffRole])
        for one in Permission
        if one in OF_STAFF
    ]

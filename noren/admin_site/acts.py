"""The acts on accounts that the site offers: what each is called, asks for and does with one account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from noren.accounts import actions as accounts
from noren.accounts.rules import LockReason, State, TwoStep
from noren.admin_site import act_forms
from noren.admin_site.access import Manager
from noren.groups import actions as groups
from noren.groups.queries.directory import Person
from noren.groups.rules import Permission, Role
from noren.lifecycle import actions as lifecycle


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done with chosen accounts, each by itself."""

    name: str
    title: object
    explained: object
    permission: Permission
    perform: Callable[[Manager, Person, Any, datetime], object]
    form: type[act_forms.Reason] = act_forms.Reason
    danger: bool = False
    states: frozenset[State] = frozenset({State.INVITED, State.ACTIVE, State.LOCKED})
    """Where it makes sense; elsewhere it is not offered for a single account, and refused for one of many."""
    own: bool = True
    """Whether administrators may do it with their own account; not what would leave them outside."""


def _lock(manager: Manager, person: Person, _form: Any, now: datetime) -> None:
    lifecycle.lock(person.account_id, LockReason.ADMINISTRATOR, actor=manager.actor, now=now)


def _unlock(manager: Manager, person: Person, _form: Any, now: datetime) -> None:
    lifecycle.unlock(person.account_id, actor=manager.actor, now=now)


def _reset_password(manager: Manager, person: Person, _form: Any, now: datetime) -> None:
    lifecycle.reset_password(person.account_id, actor=manager.actor, now=now)


def _sign_out(manager: Manager, person: Person, _form: Any, now: datetime) -> None:
    lifecycle.sign_out(person.account_id, actor=manager.actor, now=now)


def _invite(manager: Manager, person: Person, _form: Any, now: datetime) -> None:
    lifecycle.invite(person.account_id, by="mail", actor=manager.actor, now=now)


def _set_up_anew(manager: Manager, person: Person, _form: Any, now: datetime) -> None:
    if not person.contact_mail:  # nothing would lead the person back
        raise accounts.NoMail(_("The account %(login_id)s has no contact mail."), login_id=person.login_id)
    lifecycle.start_anew(person.account_id, actor=manager.actor, now=now)


def _recommend(manager: Manager, person: Person, _form: Any, now: datetime) -> None:
    lifecycle.recommend_passkey(person.account_id, actor=manager.actor, now=now)


def _two_step(manager: Manager, person: Person, form: Any, now: datetime) -> None:
    accounts.set_two_step(person.account_id, TwoStep(form.cleaned_data["two_step"]), actor=manager.actor, now=now)


def _abolish(manager: Manager, person: Person, _form: Any, now: datetime) -> None:
    lifecycle.abolish(person.account_id, actor=manager.actor, now=now)


def _join(manager: Manager, person: Person, form: Any, now: datetime) -> None:
    group_id, unit_id = form.chosen
    if person.group_id == str(group_id):
        lifecycle.move_in_group(group_id, person.account_id, unit_id, actor=manager.actor, now=now)
    else:
        lifecycle.join_group(group_id, account_ids=[person.account_id], unit_id=unit_id, actor=manager.actor, now=now)


def _leave(manager: Manager, person: Person, _form: Any, now: datetime) -> None:
    """Also out of another company's group in which one's corporation takes part."""
    if person.group_id:
        lifecycle.leave_group(UUID(person.group_id), account_ids=[person.account_id], actor=manager.actor, now=now)


def _grant(manager: Manager, person: Person, form: Any, now: datetime) -> None:
    group_id, unit_id = form.chosen
    role = Role(form.cleaned_data["role"])
    units = [unit_id] if unit_id else []
    groups.grant(group_id, person.account_id, role, units=units, actor=manager.actor, now=now)


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act(
            "lock",
            gettext_lazy("Lock"),
            gettext_lazy("Nobody signs in any more; every browser, device and service is signed out at once."),
            Permission.ACCOUNTS_SECURE,
            _lock,
            states=frozenset({State.ACTIVE}),
            own=False,
        ),
        Act(
            "unlock",
            gettext_lazy("Unlock"),
            gettext_lazy("The account can be used again."),
            Permission.ACCOUNTS_SECURE,
            _unlock,
            states=frozenset({State.LOCKED}),
        ),
        Act(
            "sign-out",
            gettext_lazy("Sign out everywhere"),
            gettext_lazy("Every browser, device and service is signed out, and no browser is trusted any more."),
            Permission.ACCOUNTS_SECURE,
            _sign_out,
        ),
        Act(
            "reset-password",
            gettext_lazy("Reset the password"),
            gettext_lazy("The password counts no more. The person is told how to set a new one; you never see it."),
            Permission.ACCOUNTS_SECURE,
            _reset_password,
        ),
        Act(
            "recommend-passkey",
            gettext_lazy("Recommend a passkey"),
            gettext_lazy("A mail tells how to sign in without a password."),
            Permission.ACCOUNTS_SECURE,
            _recommend,
        ),
        Act(
            "two-step",
            gettext_lazy("Set the second step"),
            gettext_lazy("When the second step is asked at sign-in."),
            Permission.ACCOUNTS_SECURE,
            _two_step,
            act_forms.TwoSteps,
        ),
        Act(
            "invite",
            gettext_lazy("Invite"),
            gettext_lazy("A mail with a link by which the person sets the account up. Earlier links end."),
            Permission.ACCOUNTS_ISSUE,
            _invite,
            states=frozenset({State.INVITED}),
        ),
        Act(
            "set-up-anew",
            gettext_lazy("Have it set up anew"),
            gettext_lazy(
                "Password, passkeys and apps are gone; the person is invited again. Points, lines and services stay."
            ),
            Permission.ACCOUNTS_ISSUE,
            _set_up_anew,
            danger=True,
            own=False,
        ),
        Act(
            "join-group",
            gettext_lazy("Put into a group"),
            gettext_lazy("Lines that are linked to the account come along, and their points go to the group."),
            Permission.GROUPS_MANAGE,
            _join,
            act_forms.Place,
        ),
        Act(
            "leave-group",
            gettext_lazy("Take out of the group"),
            gettext_lazy("Points that the group has stay there; points that come later are the person's own."),
            Permission.GROUPS_MANAGE,
            _leave,
        ),
        Act(
            "grant",
            gettext_lazy("Give a permission"),
            gettext_lazy("For the points or the users of a group, or of one department or site."),
            Permission.GROUPS_GRANT,
            _grant,
            act_forms.Granting,
        ),
        Act(
            "abolish",
            gettext_lazy("Abolish"),
            gettext_lazy("The account and its membership end; the points of the account itself lapse."),
            Permission.ACCOUNTS_ABOLISH,
            _abolish,
            act_forms.Abolishing,
            danger=True,
            own=False,
        ),
    )
}

"""The life of a business account, across membership, accounts, points and partner services. Each step is atomic."""

from noren.lifecycle.actions.browsers import end_other_sessions, end_surplus_sessions
from noren.lifecycle.actions.dormancy import lock_dormant
from noren.lifecycle.actions.grouping import (
    create_group,
    dissolve_group,
    join_group,
    leave_group,
    move_in_group,
    withdraw_consent,
)
from noren.lifecycle.actions.helping import (
    change_contact,
    recommend_passkey,
    rename,
    reset_password,
    sign_out,
    start_anew,
)
from noren.lifecycle.actions.homing import bring_home
from noren.lifecycle.actions.inviting import By, accept, invitation_link, invite, letter_link, peek
from noren.lifecycle.actions.issuing import issue, join, withdraw
from noren.lifecycle.actions.lines import cancel_line, change_name, change_number, follow_lines, link_line, unlink_line
from noren.lifecycle.actions.many import abolish_many, change_many, invite_many, issue_many, lock_many, unlock_many
from noren.lifecycle.actions.services import deny_service
from noren.lifecycle.actions.state import (
    abolish,
    change_login_id,
    end_session,
    lock,
    password_changed,
    reissue,
    self_lock,
    sign_in_failed,
    unlock,
)

__all__ = [
    "By",
    "abolish",
    "abolish_many",
    "accept",
    "bring_home",
    "cancel_line",
    "change_contact",
    "change_login_id",
    "change_many",
    "change_name",
    "change_number",
    "create_group",
    "deny_service",
    "dissolve_group",
    "end_other_sessions",
    "end_session",
    "end_surplus_sessions",
    "follow_lines",
    "invitation_link",
    "invite",
    "invite_many",
    "issue",
    "issue_many",
    "join",
    "join_group",
    "leave_group",
    "letter_link",
    "link_line",
    "lock",
    "lock_dormant",
    "lock_many",
    "move_in_group",
    "password_changed",
    "peek",
    "recommend_passkey",
    "reissue",
    "rename",
    "reset_password",
    "self_lock",
    "sign_in_failed",
    "sign_out",
    "start_anew",
    "unlink_line",
    "unlock",
    "unlock_many",
    "withdraw",
    "withdraw_consent",
]

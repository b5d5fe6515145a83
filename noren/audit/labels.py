"""What an act is called: to those who look through the audit, and to the person whose account it was done to."""

from django.utils.translation import gettext_lazy as _

from noren.audit.rules import Who

LABELS = {
    "account.abolish": _("Account without a line abolished"),
    "account.activate": _("Account taken into use"),
    "account.contact_mail": _("Contact mail changed"),
    "account.contact_mobile": _("Contact mobile changed"),
    "account.delete": _("Account with lines abolished"),
    "account.dormant_notice": _("Told that the account sleeps"),
    "account.end_session": _("Browser signed out from afar"),
    "account.first_password": _("First password set"),
    "account.forced_cancellation": _("Signed out everywhere: a line was ended by force"),
    "account.forget_browsers": _("Trusted browsers forgotten"),
    "account.id_change": _("Login ID changed"),
    "account.invite": _("Invitation made"),
    "account.issue": _("Account issued"),
    "account.line_cancellation": _("Signed out everywhere: a line was cancelled"),
    "account.link_line": _("Line linked"),
    "account.lock": _("Account locked"),
    "account.name_change": _("Account or its line moved to another corporation"),
    "account.number_change": _("Signed out everywhere: a line has another number"),
    "account.password_change": _("Password changed"),
    "account.recommend_passkey": _("Passkey recommended"),
    "account.reissue": _("Account reissued"),
    "account.require_password_change": _("Password must be changed at the next sign-in"),
    "account.sign_out": _("Signed out everywhere"),
    "account.two_step": _("Two-step setting changed"),
    "account.unlink_line": _("Line unlinked"),
    "account.unlock": _("Account unlocked"),
    "account.user_data": _("User data changed"),
    "allocation.answer": _("Answer of the billing system taken in"),
    "allocation.apply": _("Points taken for a bill"),
    "allocation.hand_over": _("Points for bills handed to the billing system"),
    "allocation.standing": _("Points for the bills of every month asked for"),
    "allocation.standing_end": _("Points for the bills of every month ended"),
    "application.approve": _("Application to join approved"),
    "application.make": _("Applied to join"),
    "application.refuse": _("Application to join refused"),
    "bills.intake": _("Bill file taken in"),
    "client.add": _("Partner service registered"),
    "client.remove": _("Partner service closed"),
    "client.secret": _("New secret of a partner service made"),
    "contracts.import": _("Contracts imported"),
    "corporation.add": _("Corporation added"),
    "corporations.import": _("Corporations imported"),
    "group.administrator_add": _("Made an administrator of the corporation"),
    "group.administrator_remove": _("No longer an administrator of the corporation"),
    "group.apply": _("Applied for a group across companies"),
    "group.approve": _("Group across companies approved"),
    "group.change": _("Group changed"),
    "group.consent": _("Consented to a group across companies"),
    "group.create": _("Group made"),
    "group.dissolve": _("Group dissolved"),
    "group.grant": _("Permission in a group given"),
    "group.join": _("Put into a group"),
    "group.leave": _("Taken out of a group"),
    "group.withdraw_consent": _("Consent to a group across companies taken back"),
    "group.refuse": _("Group across companies refused"),
    "group.representative": _("Representative of a group replaced"),
    "group.revoke": _("Permission in a group taken"),
    "group.roles_end": _("All roles ended"),
    "group.unit": _("Put into another department or site"),
    "group.unit_add": _("Department or site added"),
    "group.unit_remove": _("Department or site removed"),
    "job.add": _("Bulk job made"),
    "job.approve": _("Bulk job approved by a second administrator"),
    "job.commit": _("Bulk job ordered"),
    "job.undo": _("Bulk job undone"),
    "line-pins.import": _("Line PINs imported"),
    "overdue.import": _("Overdue bills imported"),
    "line.cancel": _("Line cancelled"),
    "line.number": _("Phone number of a line changed"),
    "lines.import": _("Lines imported"),
    "membership.join": _("Joined the programme"),
    "membership.withdraw": _("Withdrew from the programme"),
    "points.budget": _("Spending limit set"),
    "policy.allow_service": _("Service allowed to be linked again"),
    "policy.clear": _("Security policy taken away"),
    "policy.deny_service": _("Service denied to be linked"),
    "policy.set": _("Security policy set"),
    "programme.load": _("Programme version loaded"),
    "run.begin": _("Run begun"),
    "run.end": _("Run ended"),
    "service.link": _("Agreed that a service is linked"),
    "service.release": _("Linked service released"),
    "sso.key": _("Signing key made"),
    "sso.key.revoke": _("Signing key revoked"),
}
"""By act."""

OWN = {
    "account.abolish": _("Your account was closed."),
    "account.activate": _("Your account was taken into use."),
    "account.contact_mail": _("Your contact mail was changed."),
    "account.contact_mobile": _("Your contact mobile was changed."),
    "account.delete": _("Your account was closed."),
    "account.dormant_notice": _("You were told that your account has not been used for long."),
    "account.end_session": _("One of your browsers was signed out."),
    "account.first_password": _("Your first password was set."),
    "account.forced_cancellation": _("Your line was ended by the operator, and you were signed out everywhere."),
    "account.forget_browsers": _("Your browsers are not trusted any more."),
    "account.id_change": _("Your login ID was changed."),
    "account.invite": _("You were invited to set up your account."),
    "account.issue": _("Your account was issued."),
    "account.line_cancellation": _("Your line was cancelled, and you were signed out everywhere."),
    "account.link_line": _("A line was linked to your account."),
    "account.lock": _("Your account was locked."),
    "account.name_change": _("Your account or line was moved to another corporation."),
    "account.number_change": _("Your line has another number, and you were signed out everywhere."),
    "account.password_change": _("Your password was changed."),
    "account.recommend_passkey": _("You were recommended to set up a passkey."),
    "account.reissue": _("Your account was reissued, to be set up anew."),
    "account.require_password_change": _("You must change your password at the next sign-in."),
    "account.sign_out": _("You were signed out everywhere."),
    "account.two_step": _("Your two-step setting was changed."),
    "account.unlink_line": _("A line was unlinked from your account."),
    "account.unlock": _("Your account was unlocked."),
    "account.user_data": _("Your data was changed."),
    "group.administrator_add": _("You were made an administrator of your corporation."),
    "group.administrator_remove": _("You are no longer an administrator of your corporation."),
    "group.grant": _("You were given a permission in a group."),
    "group.join": _("You were put into a group."),
    "group.leave": _("You were taken out of a group."),
    "group.revoke": _("A permission in a group was taken from you."),
    "group.roles_end": _("Your roles have ended."),
    "group.unit": _("You were put into another department or site of your group."),
    "membership.join": _("You joined the programme."),
    "membership.withdraw": _("You left the programme."),
    "service.link": _("You agreed that a service is linked."),
    "service.release": _("A linked service was released."),
}
"""By act, of those that are done to an account."""

WHO = {
    Who.YOU: _("You"),
    Who.ADMINISTRATOR: _("An administrator"),
    Who.OPERATOR: _("The operator"),
    Who.SYSTEM: _("The system"),
}

FIELDS = {
    "login_id": _("ID"),
    "name": _("Name"),
    "name_kana": _("Reading of the name (kana)"),
    "department": _("Department"),
    "title": _("Title"),
    "employee_number": _("Employee number"),
    "contact_mail": _("Contact mail"),
    "contact_mobile": _("Contact mobile"),
}
"""Fields of an account whose values say by themselves what has changed."""

SETTINGS = {
    "methods": _("Allowed ways of signing in"),
    "second_factor": _("Second factor"),
    "session_minutes": _("Minutes of a sign-in"),
    "networks": _("Networks"),
    "devices": _("Browsers"),
    "second_approval": _("Second approval"),
}
"""What a security policy asks."""

DETAILS = {
    "role": _("Permission"),
    "name": _("Name"),
    "file": _("File"),
    "rows": _("Rows"),
    "client": _("Service"),
}
"""What an act was about, where nothing changed that has a value before and after."""


def label(act: str) -> str:
    """The act for those who look through the audit; one that is not known stays as it is."""
    return str(LABELS.get(act, act))


def own(act: str) -> str:
    """The act for the person of the account."""
    return str(OWN.get(act) or label(act))

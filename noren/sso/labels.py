"""What a partner will learn, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

SCOPES = {
    "openid": _("An identifier of you that only this service gets"),
    "profile": _("Your name, its reading, your login ID and language"),
    "corp_profile": _("Your company, department, title and employee number"),
    "email": _("Your contact mail address"),
    "phone": _("Your contact mobile number"),
    "account_info": _("The identifier and kind of your business account"),
    "points:read": _("Your points, their history and reasons, with the numbers of your company, lines and account"),
    "points:spend": _("The right to use your points within ten minutes after you gave a second step"),
    "offline_access": _("Access also while you are not signed in, until you release the service"),
}
"""Scope to what it hands over."""


def scope_texts(scopes: Iterable[str]) -> list[object]:
    """What these scopes hand over."""
    return [SCOPES[scope] for scope in scopes if scope in SCOPES]

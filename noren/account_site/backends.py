"""Who is behind a session."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's; the session of the request has brought the account along, so that it is not asked for again."""

    def get_user(self, user_id: str) -> Any:
        """The account, if it may sign in; None otherwise."""
        account = context.request.session.account if context.request else None
        if account is None or account.pk != user_id:
            return super().get_user(user_id)
        return account if self.user_can_authenticate(account) else None

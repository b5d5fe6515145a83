"""Who is behind a session."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from noren.accounts import queries as accounts


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's; each request of somebody who is signed in reads the account, by a statement that is made once."""

    def get_user(self, user_id: str) -> Any:
        """The account, if it may sign in; None otherwise."""
        account = accounts.user(user_id)
        return account if account is not None and self.user_can_authenticate(account) else None

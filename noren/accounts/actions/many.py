"""Many accounts at once: the single actions as statements over sets, with an audit row for each account.

The caller has judged the accounts and holds them (`hold_accounts`); what does not fit any more is left out.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from noren.accounts.rules import TICKET_LIFE, LockReason, TicketPurpose
from noren.kit import sql
from noren.kit.actor import Actor
from noren.kit.secrets import hashed, token


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does it, when, and why."""

    actor: Actor
    now: datetime
    reason: str = ""

    @property
    def params(self) -> dict[str, object]:
        """For the statements."""
        return {"actor": str(self.actor), "now": self.now, "reason": self.reason}


def issue_many(people: Sequence[Mapping[str, str]], corporation_id: str, deed: Deed) -> None:
    """Make accounts from tidy fields: account_id, login_id, login_key, login_kind, name, language, and what `issue`
    takes besides; with a `line_id` the line is linked. A login id or line that is taken is an IntegrityError.
    """
    about = {**deed.params, "corporation_id": corporation_id}
    sql.run("accounts", "issue_many.sql", {**about, "people": json.dumps(people, ensure_ascii=False)})
    linked = [(one["account_id"], one["line_id"]) for one in people if "line_id" in one]
    if linked:
        account_ids, line_ids = zip(*linked, strict=True)
        pairs = {"account_ids": list(account_ids), "line_ids": list(line_ids)}
        sql.run("accounts", "link_many.sql", {**deed.params, **pairs})


def lock_many(account_ids: Sequence[str], reason: LockReason, deed: Deed) -> int:
    """Lock those in use; how many."""
    params = {**deed.params, "account_ids": list(account_ids), "lock_reason": reason.value}
    return sql.run("accounts", "lock_many.sql", params)


def unlock_many(account_ids: Sequence[str], deed: Deed) -> int:
    """Take those that are locked back into use; how many."""
    return sql.run("accounts", "unlock_many.sql", {**deed.params, "account_ids": list(account_ids)})


def abolish_many(account_ids: Sequence[str], deed: Deed, *, release: bool = False) -> int:
    """End those that live; how many. `release`: nobody has used them, so that their login ids become free again."""
    params = {**deed.params, "account_ids": list(account_ids), "release": release}
    return sql.run("accounts", "abolish_many.sql", params)


def change_many(changes: Sequence[Mapping[str, str]], deed: Deed) -> int:
    """Change tidy fields of accounts (`account_id` and what changes; a `login_id` with its key and kind).

    A contact mail or mobile that is changed is not proved. Gives how many audit rows that made.
    """
    params = {**deed.params, "changes": json.dumps(changes, ensure_ascii=False)}
    return sql.run("accounts", "change_many.sql", params)


def invite_many(account_ids: Sequence[str], purpose: TicketPurpose, deed: Deed) -> dict[str, str]:
    """Make a link for each account that has not been set up; gives account id -> plain token. Earlier ones end."""
    tokens = {account_id: token() for account_id in account_ids}
    params = {
        **deed.params,
        "purpose": purpose.value,
        "account_ids": list(tokens),
        "hashes": [hashed(plain) for plain in tokens.values()],
        "expires_at": deed.now + TICKET_LIFE,
    }
    sql.run("accounts", "invite_many.sql", params)
    return tokens


def hold_unused(account_ids: Sequence[str]) -> list[str]:
    """Those that nobody has set up or used yet, kept from everybody else until the transaction ends."""
    return sql.rows(str, "accounts", "unused.sql", {"account_ids": list(account_ids)})

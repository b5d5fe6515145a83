"""Lines that belong to an account's person."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.accounts.actions import refusals
from noren.accounts.actions.rows import locked, must_live, record, write
from noren.accounts.models import Account, LinePin, LinkedLine
from noren.accounts.rules import WRONG_PINS, Kind
from noren.kit import sql
from noren.kit.actor import Actor
from noren.kit.secrets import peppered
from noren.members import queries as members


def _digest(line_id: str, pin: str) -> str:
    return peppered(f"{line_id}/{pin}", purpose="line-pin")


def set_pins(pins: Iterable[tuple[str, str]]) -> int:
    """Keep the PINs of these lines (line id, four digits); gives how many."""
    rows = [LinePin(line_id=line_id, digest=_digest(line_id, pin), failed=0) for line_id, pin in pins]
    LinePin.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["line"], update_fields=["digest", "failed"], batch_size=5_000
    )
    return len(rows)


@transaction.atomic
def link_line(account_id: str, line_id: str, *, actor: Actor, now: datetime) -> None:
    """Link an open line of the account's corporation, whose PIN or number was proved.

    Raises LineNotLinked (one answer for every reason), LineTaken, WrongState.
    """
    row = locked(account_id)
    must_live(row)
    _must_be_ours(row, line_id, now)
    link(row, line_id, now)
    record(row, "link_line", actor=actor, now=now, detail={"line": line_id})


def not_linked() -> refusals.LineNotLinked:
    """One answer for every reason: nobody learns by it which lines there are."""
    return refusals.LineNotLinked(_("This line cannot be linked. Check its number and PIN, or use a code by SMS."))


def check_pin(line_id: str, pin: str) -> None:
    """Try the PIN of a line. A wrong one stays counted, so no transaction may be open. Raises LineNotLinked."""
    with transaction.atomic(durable=True):
        is_right = try_pin(line_id, pin)
    if not is_right:
        raise not_linked()


def try_pin(line_id: str, pin: str) -> bool:
    """Whether the PIN is right, within the caller's transaction, which must be committed for a wrong one to count."""
    params = {"line_id": line_id, "digest": _digest(line_id, pin), "most_tries": WRONG_PINS}
    return bool(sql.value("accounts", "try_pin.sql", params))


def _must_be_ours(row: Account, line_id: str, now: datetime) -> None:
    try:
        line = members.line(line_id)
    except members.UnknownMember as error:
        raise not_linked() from error
    is_open = line.closed_on is None or line.closed_on > localtime(now).date()
    if line.corporation_id != row.corporation_id or not is_open:
        raise not_linked()


def link(row: Account, line_id: str, now: datetime) -> None:
    """The row of the link; the account is line-linked with it. Raises LineTaken."""
    try:
        with transaction.atomic():
            number = members.line(line_id).phone_number
            LinkedLine.objects.create(account=row, line_id=line_id, phone_number=number, linked_at=now)
    except IntegrityError as error:
        raise refusals.LineTaken(_("This line is linked to an account already.")) from error
    write(row, kind=Kind.LINE_LINKED)


def follow_number(line_id: str) -> None:
    """The account knows of the line's phone number as it is now."""
    number = members.line(line_id).phone_number
    LinkedLine.objects.filter(line_id=line_id, unlinked_at__isnull=True).update(phone_number=number)


@transaction.atomic
def unlink_line(account_id: str, line_id: str, *, actor: Actor, now: datetime) -> None:
    """The line is the account's no more; without any line the account is carrier-free. Raises NotLinked."""
    row = locked(account_id)
    linked = LinkedLine.objects.filter(account=row, unlinked_at__isnull=True)
    if not linked.filter(line_id=line_id).update(unlinked_at=now):
        raise refusals.NotLinked(_("The line is not linked to this account."))
    if not linked.exists():
        write(row, kind=Kind.CARRIER_FREE)
    record(row, "unlink_line", actor=actor, now=now, detail={"line": line_id})

"""The bill file: its columns and what can be wrong with an item."""

from collections.abc import Iterable
from datetime import date

from noren.kit.duck import literal
from noren.kit.intake import Check, Layout, a_month, required, whole_number
from noren.kit.months import month_text
from noren.members.layouts import an_id, one_of_two

BILLS = Layout(
    name="bills",
    columns=("item_id", "bill_month", "line_id", "account_id", "charge_code", "amount_yen"),
    key="item_id",
    yen="amount_yen",
    checks=(
        *an_id("item_id"),
        required("bill_month"),
        a_month("bill_month"),
        *one_of_two("line_id", "account_id"),
        required("charge_code"),
        required("amount_yen"),
        whole_number("amount_yen"),
    ),
)


def of_month(month: date, charge_codes: Iterable[str]) -> tuple[Check, ...]:
    """What a bill of this month must also be: of this month, with charges that the programme knows."""
    codes = ", ".join(map(literal, sorted(charge_codes)))
    return (
        Check(
            "bill_month",
            "other_month",
            f"bill_month <> {literal(month_text(month))} AND NOT ({a_month('bill_month').wrong})",
        ),
        Check("charge_code", "unknown_charge_code", f"charge_code NOT IN ({codes})"),
    )

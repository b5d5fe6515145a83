"""What is handed to the billing system, and its answer: their columns and what can be wrong with a row."""

from noren.kit.intake import Check, Layout, Lookup, one_of, required, whole_number
from noren.spending.rules import ItemState

HANDOVERS = Layout(
    name="allocations",
    columns=("item_id", "bill_month", "member_kind", "member_id", "points"),
    key="item_id",
    checks=(required("item_id"), required("points"), whole_number("points")),
)

ANSWERS = Layout(
    name="answers",
    columns=("item_id", "state", "points", "reason"),
    key="item_id",
    checks=(
        required("item_id"),
        required("state"),
        one_of("state", (state for state in ItemState if state is not ItemState.SENT)),
        required("points"),
        whole_number("points"),
    ),
)

POINTS = "try_cast(points AS BIGINT)"

AGAINST_ITEMS = (
    Check("points", "not_what_was_sent", f"state = 'confirmed' AND {POINTS} <> sent"),
    Check("points", "not_less", f"state = 'reduced' AND ({POINTS} < 0 OR {POINTS} >= sent)"),
    Check("points", "not_zero", f"state = 'refused' AND {POINTS} <> 0"),
    Check("state", "contradiction", f"answered <> state || ':' || {POINTS}"),
)
"""What the rows must be beside the items that were sent (the table known_items). Must equal rules.wrong."""

CUSTOMERS = ("corporation", "line", "account")

OVERDUE = Layout(
    name="overdue",
    columns=tuple(f"{kind}_id" for kind in CUSTOMERS),
    checks=(
        Check(
            "corporation_id",
            "one_of_three",
            f"{' + '.join(f'({kind}_id IS NOT NULL)::INT' for kind in CUSTOMERS)} <> 1",
        ),
    ),
)

OF_CUSTOMERS = tuple(Lookup(f"{kind}_id", f"unknown_{kind}", f"known_{kind}s", "id") for kind in CUSTOMERS)

KNOWN = Lookup("item_id", "unknown_item", "known_items", "id", beside=("sent", "answered"))

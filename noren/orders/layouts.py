"""What is handed to partners, and what they say of it: columns, and what can be wrong with a row."""

from noren.kit.intake import Check, Layout, Lookup, max_length, one_of, required
from noren.orders.rules import ANSWERS, NEXT

HANDOVERS = Layout(
    name="orders",
    columns=(
        "order_number",
        "item",
        "title",
        "quantity",
        "name",
        "postal_code",
        "prefecture",
        "city",
        "street",
        "phone",
        "line_phone_number",
        "phone_model",
        "ordered_at",
    ),
    key="order_number",
    checks=(required("order_number"),),
)
"""As sql/export_handover.sql writes it."""

FULFILMENTS = Layout(
    name="fulfilments",
    columns=("order_number", "state", "tracking", "note"),
    checks=(
        required("order_number"),
        required("state"),
        one_of("state", ANSWERS),
        max_length("tracking", 100),
        max_length("note", 500),
    ),
)

KNOWN_STATE = "(SELECT state FROM known_orders WHERE known_orders.number = order_number)"
MAY_FOLLOW = ", ".join(sorted(f"'{before}>{after}'" for before, afters in NEXT.items() for after in afters))

AGAINST_ORDERS = (
    Check("state", "order_cancelled", f"{KNOWN_STATE} = 'cancelled'"),
    Check(
        "state",
        "not_next",
        f"{KNOWN_STATE} NOT IN ('cancelled', raw.state) AND {KNOWN_STATE} || '>' || raw.state NOT IN ({MAY_FOLLOW})",
    ),
)
"""The state said before may be said again; another one must be one that may follow, and nothing follows `cancelled`."""

KNOWN = Lookup("order_number", "unknown_order", "known_orders", "number")

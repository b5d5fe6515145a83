"""What is handed to partners, and what they say of it: columns, and what can be wrong with a row."""

from noren.kit.intake import Layout, Lookup, max_length, one_of, required
from noren.orders.rules import ANSWERS

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

KNOWN = Lookup("order_number", "unknown_order", "known_orders", "number")

"""What a partner says of orders: columns, and what can be wrong with a row."""

from noren.kit.intake import Layout, Lookup, max_length, one_of, required
from noren.orders.rules import ANSWERS

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

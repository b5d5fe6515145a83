-- The orders that are named, and their state: `ordered`, `sent` …
-- Rerun: reads only.
-- Rows at full scale: one for each row of an answer.
-- Must equal: orders_order.
COPY (
    SELECT number, state FROM orders_order WHERE partner = %(partner)s AND number = ANY (%(numbers)s::text[])
) TO STDOUT (FORMAT csv)

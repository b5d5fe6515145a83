-- The orders that are named, as far as they are the partner's.
-- Rerun: reads only.
-- Rows at full scale: one for each row of an answer.
-- Must equal: orders_order.
COPY (
    SELECT number FROM orders_order WHERE partner = %(partner)s AND number = ANY (%(numbers)s::text[])
) TO STDOUT (FORMAT csv)

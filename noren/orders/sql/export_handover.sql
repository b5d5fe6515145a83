-- The orders of a handover, as the partner gets them; without those that were cancelled since.
-- Rerun: reads only.
-- Rows at full scale: one for each order of the handover.
-- Must equal: docs/files.md, orders.
COPY (
    SELECT
        orders.number AS order_number, orders.code AS item, orders.title ->> 'ja' AS title, orders.quantity,
        orders.address_name AS name, orders.postal_code, orders.prefecture, orders.city, orders.street, orders.phone,
        coalesce(line.phone_number, '') AS line_phone_number, orders.phone_model,
        to_char(orders.made_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD"T"HH24:MI:SS') AS ordered_at
    FROM orders_order AS orders
    LEFT JOIN members_line AS line ON orders.kind = 'line' AND line.line_id = orders.member_id
    WHERE orders.handover = %(number)s AND orders.state <> 'cancelled'
    ORDER BY orders.made_at, orders.number
) TO STDOUT (FORMAT csv, HEADER true)

-- The items of a handover, in no order.
-- Rerun: the same rows.
-- Rows at full scale: 2 million.
-- Must equal: the items of the handover.
COPY (
    SELECT to_char(month, 'YYYY-MM') || '/' || number || '/' || allocation_id AS item_id,
        to_char(month, 'YYYY-MM') AS bill_month, kind AS member_kind, member_id, points
    FROM spending_item WHERE month = %(month)s AND number = %(number)s
) TO STDOUT WITH (FORMAT csv)

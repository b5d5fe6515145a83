-- A handover as the billing system gets it.
-- Rerun: the same rows.
-- Rows at full scale: 2 million.
-- Must equal: the items of the handover.
COPY (
    SELECT to_char(item.month, 'YYYY-MM') || '/' || number || '/' || allocation_id AS item_id,
        to_char(item.month, 'YYYY-MM') AS bill_month, kind AS member_kind, member_id, item.points
    FROM spending_item AS item JOIN spending_allocation AS allocation USING (wallet_id, allocation_id)
    WHERE item.month = %(month)s AND number = %(number)s
    ORDER BY kind, member_id COLLATE "C", allocation_id
) TO STDOUT WITH (FORMAT csv, HEADER true)

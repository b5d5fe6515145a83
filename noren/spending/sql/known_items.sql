-- The items that an answer may be about, with what was answered before.
-- Rerun: reads only.
-- Rows at full scale: some million.
-- Must equal: the items of the months.
COPY (
    SELECT to_char(month, 'YYYY-MM') || '/' || number || '/' || allocation_id, wallet_id, points, state, paid
    FROM spending_item WHERE month = ANY(%(months)s::date[])
) TO STDOUT WITH (FORMAT csv)

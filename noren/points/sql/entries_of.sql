-- The entries of one posting of a wallet: which lots were taken from, or given back to.
-- Rerun: reads only.
-- Rows at full scale: a handful.
-- Must equal: noren.points.queries.EntryRow.
SELECT posting_id, line, effective_on, booked_at, movement, usage_month, kind, uses, lapses_on, points
FROM points_entry
WHERE wallet_id = %(wallet_id)s AND posting_id = %(posting_id)s AND effective_on = %(on)s
ORDER BY line

-- The entries of a wallet for one usage month.
-- Rerun: reads only.
-- Rows at full scale: a handful.
-- Must equal: noren.points.queries.EntryRow.
SELECT posting_id, line, effective_on, booked_at, movement, usage_month, kind, uses, lapses_on, points
FROM points_entry
WHERE wallet_id = %(wallet_id)s AND usage_month = %(usage_month)s
ORDER BY booked_at, posting_id, line

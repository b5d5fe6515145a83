-- One entry for each wallet of a slice that gets points.
-- Rerun: the key of posting and line.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: the deltas above 0.
INSERT INTO points_entry (
    wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, usage_month, booked_at
)
SELECT
    wallet_id, %(posting_id)s, 1, %(on)s, %(kind)s, %(uses)s, %(lapses_on)s, points, 'grant', %(usage_month)s, %(now)s
FROM points_delta
WHERE points > 0

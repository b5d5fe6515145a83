-- One entry for each lot from which points are taken, and one for what is owed.
-- Rerun: the key of posting and line.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: what is noted as taken.
INSERT INTO points_entry (
    wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, usage_month, booked_at
)
SELECT
    wallet_id, %(posting_id)s, line, %(on)s, kind, uses, lapses_on, -points, %(movement)s, %(usage_month)s, %(now)s
FROM points_taken

-- The posting of a run: the opening of its clearing account, or a slice.
-- Rerun: the natural key makes the id; what is there stays.
-- Rows at full scale: one for each slice.
-- Must equal: noren.points.rules.posting_id.
INSERT INTO points_posting (
    wallet_id, posting_id, natural_key, movement, effective_on, booked_at, usage_month, run, reason, actor, points
) VALUES (
    %(programme)s, %(posting_id)s, %(natural_key)s, %(movement)s, %(on)s, %(now)s, %(usage_month)s, %(run)s, %(reason)s,
    %(actor)s, %(points)s
)
ON CONFLICT (wallet_id, posting_id) DO NOTHING

-- The posting of a run: the opening of its clearing account, or a slice. Where the month was posted before, it names
-- the last posting of the run that it corrects.
-- Rerun: the natural key makes the id; what is there stays.
-- Rows at full scale: one for each slice.
-- Must equal: noren.points.rules.posting_id.
INSERT INTO points_posting (
    wallet_id, posting_id, natural_key, movement, effective_on, booked_at, usage_month, run, reason, actor, points,
    corrects
) VALUES (
    %(programme)s, %(posting_id)s, %(natural_key)s, %(movement)s, %(on)s, %(now)s, %(usage_month)s, %(run)s, %(reason)s,
    %(actor)s, %(points)s,
    (
        SELECT posting_id FROM points_posting
        WHERE wallet_id = %(programme)s AND usage_month = %(usage_month)s::date AND run <> %(run)s
        ORDER BY booked_at DESC, natural_key DESC
        LIMIT 1
    )
)
ON CONFLICT (wallet_id, posting_id) DO NOTHING

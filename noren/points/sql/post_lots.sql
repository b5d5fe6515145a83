-- Add the points of a slice to the run's lot in each wallet, less what arrears take.
-- Rerun: one transaction with the slice's posting, which is booked once.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: noren.points.rules, netting.
INSERT INTO points_lot AS lot (wallet_id, kind, uses, lapses_on, is_limited, granted, remaining, is_open)
SELECT wallet_id, %(kind)s, %(uses)s, %(lapses_on)s, %(is_limited)s, points, points, points > 0
FROM (
    SELECT delta.wallet_id, delta.points - coalesce(netting.points, 0) AS points
    FROM points_delta AS delta LEFT JOIN points_netting AS netting USING (wallet_id)
    WHERE delta.points > 0
) AS given
ORDER BY wallet_id
ON CONFLICT (wallet_id, kind, uses, lapses_on) DO UPDATE SET
    granted = lot.granted + excluded.granted,
    remaining = lot.remaining + excluded.remaining,
    is_open = lot.remaining + excluded.remaining > 0

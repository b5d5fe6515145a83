-- Add the points of a slice to the run's lot, in the wallets that have it, less what arrears take.
-- Rerun: one transaction with the slice's posting, which is booked once.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: noren.points.rules, netting.
UPDATE points_lot AS lot SET
    granted = lot.granted + given.points,
    remaining = lot.remaining + given.points,
    is_open = lot.remaining + given.points > 0
FROM (
    SELECT delta.wallet_id, delta.points - coalesce(netting.points, 0) AS points
    FROM points_delta AS delta LEFT JOIN points_netting AS netting USING (wallet_id)
    WHERE delta.points > 0
) AS given
WHERE lot.wallet_id = given.wallet_id
    AND lot.kind = %(kind)s AND lot.uses = %(uses)s AND lot.lapses_on = %(lapses_on)s
    AND lot.wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR lot.wallet_id < %(upper)s::uuid)

-- Take the points from the wallets; what no lot held is owed.
-- Rerun: one transaction with the slice's posting, which is booked once.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: points = the sum of entries.
UPDATE points_wallet AS wallet SET
    points = wallet.points - taken.points,
    arrears = wallet.arrears + taken.owed
FROM (
    SELECT
        wallet_id, sum(points)::bigint AS points,
        coalesce(sum(points) FILTER (WHERE kind = 'arrears'), 0)::bigint AS owed
    FROM points_taken
    GROUP BY wallet_id
) AS taken
WHERE wallet.wallet_id = taken.wallet_id
    AND wallet.wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet.wallet_id <= %(upper)s::uuid)

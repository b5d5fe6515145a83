-- Make the wallets that are not there yet, with their points.
-- Rerun: one transaction with the slice's posting, which is booked once.
-- Rows at full scale: 200 thousand in a slice of the first month, then some hundred.
-- Must equal: the deltas above 0 of wallets that do not exist.
INSERT INTO points_wallet (wallet_id, owner_kind, owner_id, points)
SELECT wallet_id, owner_kind, owner_id, points
FROM points_delta AS delta
WHERE points > 0 AND NOT EXISTS (
    SELECT FROM points_wallet AS wallet
    WHERE wallet.wallet_id = delta.wallet_id
        AND wallet.wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet.wallet_id < %(upper)s::uuid)
)

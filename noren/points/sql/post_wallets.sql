-- Lock the wallets that exist, add the points, and note what arrears take of them.
-- A wallet from which points are taken is only locked here: its lots say what becomes of it.
-- Rerun: one transaction with the slice's posting, which is booked once.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: noren.points.rules, netting.
WITH locked AS (
    UPDATE points_wallet AS wallet SET points = wallet.points + greatest(delta.points, 0)
    FROM points_delta AS delta
    WHERE wallet.wallet_id = delta.wallet_id
        AND wallet.wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet.wallet_id < %(upper)s::uuid)
    RETURNING wallet.wallet_id, least(wallet.arrears, delta.points) AS netted
),
noted AS (
    INSERT INTO points_netting (wallet_id, points)
    SELECT wallet_id, netted FROM locked WHERE netted > 0
    RETURNING wallet_id
)
SELECT (SELECT count(*) FROM locked), (SELECT count(*) FROM noted)

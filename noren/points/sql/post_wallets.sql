-- Lock the wallets in the order of their ids, make those that are missing, add the points; note what arrears take.
-- A wallet from which points are taken is only locked here: its lots say what becomes of it.
-- Rerun: one transaction with the slice's posting, which is booked once.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: noren.points.rules, netting.
WITH credited AS (
    INSERT INTO points_wallet AS wallet (wallet_id, owner_kind, owner_id, points)
    SELECT wallet_id, owner_kind, owner_id, greatest(points, 0) FROM points_delta ORDER BY wallet_id
    ON CONFLICT (wallet_id) DO UPDATE SET points = wallet.points + excluded.points
    RETURNING wallet_id, arrears
)
INSERT INTO points_netting (wallet_id, points)
SELECT wallet_id, least(credited.arrears, delta.points)
FROM credited JOIN points_delta AS delta USING (wallet_id)
WHERE credited.arrears > 0 AND delta.points > 0

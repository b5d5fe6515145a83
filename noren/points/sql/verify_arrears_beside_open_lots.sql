-- Wallets that owe points and hold points.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: noren.points.rules, netting.
SELECT wallet_id, wallet.arrears, sum(lot.remaining)::bigint AS lots
FROM points_wallet AS wallet JOIN points_lot AS lot USING (wallet_id)
WHERE wallet.arrears > 0 AND lot.is_open
GROUP BY wallet_id, wallet.arrears
LIMIT %(limit)s

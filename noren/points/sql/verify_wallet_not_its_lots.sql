-- Wallets whose points are not what their lots hold, less arrears, and lots of wallets that do not exist.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/points.md, "What always holds".
SELECT wallet_id, wallet.points, wallet.arrears, coalesce(lots.points, 0)::bigint AS lots
FROM points_wallet AS wallet
FULL JOIN (SELECT wallet_id, sum(remaining) AS points FROM points_lot GROUP BY wallet_id) AS lots USING (wallet_id)
WHERE wallet.points + wallet.arrears IS DISTINCT FROM coalesce(lots.points, 0)
LIMIT %(limit)s

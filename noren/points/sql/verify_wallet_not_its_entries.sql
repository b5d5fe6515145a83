-- Wallets whose points are not the sum of their entries, and entries of wallets that do not exist.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/points.md, "What always holds".
SELECT wallet_id, wallet.points, coalesce(entries.points, 0)::bigint AS entries
FROM points_wallet AS wallet
FULL JOIN (SELECT wallet_id, sum(points) AS points FROM points_entry GROUP BY wallet_id) AS entries USING (wallet_id)
WHERE wallet.points IS DISTINCT FROM coalesce(entries.points, 0)
LIMIT %(limit)s

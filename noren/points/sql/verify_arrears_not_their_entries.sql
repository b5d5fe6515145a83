-- Wallets whose arrears are not the sum of the entries that say so.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/points.md, "What always holds".
SELECT wallet_id, wallet.arrears, coalesce(entries.points, 0)::bigint AS entries
FROM points_wallet AS wallet
LEFT JOIN (
    SELECT wallet_id, sum(points) AS points FROM points_entry WHERE kind = 'arrears' GROUP BY wallet_id
) AS entries USING (wallet_id)
WHERE wallet.arrears <> -coalesce(entries.points, 0)
LIMIT %(limit)s

-- Wallets whose origins are not what transfers brought in.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/points.md, "What always holds".
SELECT wallet_id, coalesce(origins.points, 0)::bigint AS origins, coalesce(entries.points, 0)::bigint AS entries
FROM (SELECT wallet_id, sum(points) AS points FROM points_origin GROUP BY wallet_id) AS origins
FULL JOIN (
    SELECT wallet_id, sum(points) AS points FROM points_entry WHERE movement = 'transfer' AND points > 0
    GROUP BY wallet_id
) AS entries USING (wallet_id)
WHERE coalesce(origins.points, 0) <> coalesce(entries.points, 0)
LIMIT %(limit)s

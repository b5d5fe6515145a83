-- The last closed month, and the points that some wallets have for it, also those that were posted to pools in their
-- stead; without such points a row with no wallet.
-- Rerun: reads only.
-- Rows at full scale: one for each wallet asked for.
-- Must equal: noren.closing.queries.latest_run, and the rows of noren.points.queries.by_month for that month.
WITH last AS (SELECT max(month) AS month FROM closing_run WHERE finished_at IS NOT NULL),
earned AS (
    SELECT wallet_id, points
    FROM points_entry
    WHERE usage_month = (SELECT month FROM last)
        AND wallet_id = ANY(%(wallets)s::uuid[])
        AND effective_on >= (SELECT month FROM last)
    UNION ALL
    SELECT origin_wallet_id, points
    FROM points_origin
    WHERE origin_wallet_id = ANY(%(wallets)s::uuid[])
        AND usage_month = (SELECT month FROM last) AND movement <> 'transfer'
)
SELECT last.month, earned.wallet_id, coalesce(sum(earned.points), 0)::bigint
FROM last
LEFT JOIN earned ON true
WHERE last.month IS NOT NULL
GROUP BY last.month, earned.wallet_id
ORDER BY earned.wallet_id

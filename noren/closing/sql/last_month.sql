-- The last closed month, and the points that some wallets have for it; without such points a row with no wallet.
-- Rerun: reads only.
-- Rows at full scale: one for each wallet asked for.
-- Must equal: noren.closing.queries.latest_run, and the sums of noren.points.queries.entries_for.
WITH last AS (SELECT max(month) AS month FROM closing_run WHERE finished_at IS NOT NULL)
SELECT last.month, entry.wallet_id, coalesce(sum(entry.points), 0)::bigint
FROM last
LEFT JOIN points_entry AS entry
    ON entry.usage_month = last.month
    AND entry.wallet_id = ANY(%(wallets)s::uuid[])
    AND entry.effective_on >= (SELECT month FROM last)
WHERE last.month IS NOT NULL
GROUP BY last.month, entry.wallet_id
ORDER BY entry.wallet_id

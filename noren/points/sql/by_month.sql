-- Points of some wallets for each usage month since a first one, corrections included, also those posted to pools.
-- Rerun: reads only. What is for a month becomes effective in it or later, so only those partitions are read.
-- Rows at full scale: one for each wallet asked for and month.
-- Must equal: the sums of noren.points.queries.entries_for, and what noren.points.queries.brought says was posted.
SELECT usage_month, wallet_id, sum(points)::bigint
FROM (
    SELECT usage_month, wallet_id, points
    FROM points_entry
    WHERE wallet_id = ANY(%(wallets)s::uuid[]) AND effective_on >= %(since)s::date AND usage_month >= %(since)s::date
    UNION ALL
    SELECT usage_month, origin_wallet_id, points
    FROM points_origin
    WHERE origin_wallet_id = ANY(%(wallets)s::uuid[]) AND usage_month >= %(since)s::date AND movement <> 'transfer'
) AS earned
GROUP BY usage_month, wallet_id
ORDER BY usage_month, wallet_id

-- Points of some wallets for each usage month since a first one, corrections included.
-- Rerun: reads only. What is for a month becomes effective in it or later, so only those partitions are read.
-- Rows at full scale: one for each wallet asked for and month.
-- Must equal: the sums of noren.points.queries.entries_for.
SELECT usage_month, wallet_id, sum(points)::bigint
FROM points_entry
WHERE wallet_id = ANY(%(wallets)s::uuid[]) AND effective_on >= %(since)s::date AND usage_month >= %(since)s::date
GROUP BY usage_month, wallet_id
ORDER BY usage_month, wallet_id

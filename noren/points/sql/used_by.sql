-- What was used of a wallet in a span of days, by month, use, spenders and who used it, less what came back of it.
-- Rerun: reads only.
-- Rows at full scale: some hundred.
-- Must equal: the postings of the wallet; of those with spenders, points_budget_use.
SELECT date_trunc('month', use.effective_on)::date, use.use, use.spenders, use.actor,
    sum(-use.points - coalesce(returned.points, 0))::bigint
FROM points_posting AS use
LEFT JOIN (
    SELECT corrects, sum(points) AS points FROM points_posting
    WHERE wallet_id = %(wallet_id)s AND corrects IS NOT NULL AND movement = 'reverse'
    GROUP BY corrects
) AS returned ON returned.corrects = use.posting_id
WHERE use.wallet_id = %(wallet_id)s AND use.movement = 'spend'
    AND use.effective_on >= %(since)s AND use.effective_on < %(until)s
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4

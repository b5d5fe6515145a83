-- Spenders whose use in a month is not what the postings that name them took in it, less what was given back of them.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/ledger.md, "What always holds".
SELECT wallet_id, spender, month, coalesce(spent.used, 0) AS used, coalesce(postings.points, 0)::bigint AS postings
FROM points_budget_use AS spent
FULL JOIN (
    SELECT
        use.wallet_id, named.spender COLLATE "C" AS spender, date_trunc('month', use.effective_on)::date AS month,
        sum(-use.points - coalesce(returned.points, 0)) AS points
    FROM points_posting AS use
    CROSS JOIN unnest(use.spenders) AS named (spender)
    LEFT JOIN (
        SELECT wallet_id, corrects, sum(points) AS points
        FROM points_posting
        WHERE corrects IS NOT NULL AND movement = 'reverse'
        GROUP BY wallet_id, corrects
    ) AS returned ON returned.wallet_id = use.wallet_id AND returned.corrects = use.posting_id
    WHERE use.spenders <> '{}'
    GROUP BY 1, 2, 3
) AS postings USING (wallet_id, spender, month)
WHERE coalesce(spent.used, 0) <> coalesce(postings.points, 0)
LIMIT %(limit)s

-- Those on whose limits the uses counted get them back, in the month of the use.
-- Rerun: one transaction with the postings.
-- Rows at full scale: some thousand.
-- Must equal: points_reverse.
UPDATE points_budget_use AS spent SET used = spent.used - back.points
FROM (
    SELECT given.wallet_id, named.spender COLLATE "C" AS spender,
        date_trunc('month', given.effective_on)::date AS month, sum(given.points)::bigint AS points
    FROM points_return AS given
    JOIN points_posting AS use ON use.wallet_id = given.wallet_id AND use.posting_id = given.reversed
    CROSS JOIN unnest(use.spenders) AS named (spender)
    GROUP BY 1, 2, 3
) AS back
WHERE spent.wallet_id = back.wallet_id AND spent.spender = back.spender AND spent.month = back.month

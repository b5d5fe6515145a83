-- The limits of some spenders, each with what stands for it every month; nobody else sets one for them meanwhile.
-- Rerun: harmless; the locks are let go at the end of the transaction.
-- Rows at full scale: two.
-- Must equal: points_budget, spending_standing.
SELECT limited.monthly, (
    SELECT coalesce(sum(points), 0)::bigint FROM spending_standing AS standing
    WHERE standing.wallet_id = limited.wallet_id AND ended_at IS NULL AND limited.spender = ANY(spenders)
)
FROM (
    SELECT wallet_id, spender, monthly FROM points_budget
    WHERE wallet_id = %(wallet_id)s AND spender = ANY(%(spenders)s::text[])
    ORDER BY spender FOR UPDATE
) AS limited

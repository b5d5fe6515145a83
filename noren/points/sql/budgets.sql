-- What spenders may use of a wallet in a month, and what they have used; limits without use and use without limit, too.
-- Rerun: reads only.
-- Rows at full scale: some hundred.
-- Must equal: points_budget and, of the month, points_budget_use.
SELECT spender, budget.monthly, coalesce(spent.used, 0)
FROM (SELECT spender, monthly FROM points_budget WHERE wallet_id = %(wallet_id)s) AS budget
FULL JOIN (
    SELECT spender, used FROM points_budget_use WHERE wallet_id = %(wallet_id)s AND month = %(month)s
) AS spent USING (spender)
ORDER BY spender

-- What applies to an account at a moment; no row: nothing does.
-- Rerun: reads only.
-- Rows at full scale: one of each, by primary key.
-- Must equal: session.sql, which joins it in passing.
SELECT to_jsonb(p) AS policy_step
FROM accounts_account a LEFT JOIN accounts_policy_step p ON p.policy_id = a.policy_id AND p.from_at <= %(now)s
    AND (p.until_at IS NULL OR %(now)s < p.until_at)
WHERE a.account_id = %(account_id)s AND a.policy_id IS NOT NULL

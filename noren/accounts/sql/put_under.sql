-- Put accounts under policies (NULL: under none); gives how many were under another one.
-- Rerun: harmless, no row.
-- Rows at full scale: up to some 100,000, by primary key; heap-only, no index is on what changes.
-- Must equal: noren.groups: a policy for each account, or none, by the places in which it is.
UPDATE accounts_account a
SET policy_id = n.policy_id
FROM unnest(%(account_ids)s::text[], %(policy_ids)s::text[]) AS n (account_id, policy_id)
WHERE a.account_id = n.account_id AND a.policy_id IS DISTINCT FROM n.policy_id

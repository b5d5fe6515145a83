-- Keep these accounts from everybody else who puts accounts under policies, until the transaction ends.
-- Rerun: harmless.
-- Rows at full scale: up to some 100,000, by primary key; in the order of their ids, so that two never wait for each other.
-- Must equal: nothing; it only waits. What comes after it in the transaction sees what the others did.
SELECT count(*) FROM (
    SELECT FROM accounts_account WHERE account_id = ANY(%(account_ids)s::text[]) ORDER BY account_id FOR NO KEY UPDATE
) held

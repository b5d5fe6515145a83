-- From where these accounts are signed in now, and how many of them from each address.
-- Rerun: reads only.
-- Rows at full scale: the sessions of some 100,000 accounts, by index; a row for each address.
-- Must equal: nothing; whether an address lies in a network is asked of noren.accounts.policy.is_within.
SELECT address, count(DISTINCT account_id)
FROM accounts_session
WHERE account_id = ANY(%(account_ids)s::text[]) AND expire_date > %(now)s
GROUP BY address

-- Those of the accounts that nobody has set up or used yet, with what a letter needs.
-- Rerun: reads only; the rows are kept from everybody else until the transaction ends.
-- Rows at full scale: some thousand at a time.
-- Must equal: noren.accounts.queries.has_credentials, none, in State.INVITED.
SELECT account.account_id FROM accounts_account AS account
WHERE account.account_id = ANY(%(account_ids)s::text[]) AND account.state = 'invited' AND account.last_used_at IS NULL
    AND account.password LIKE '!%%'
    AND NOT EXISTS (SELECT FROM mfa_authenticator WHERE mfa_authenticator.user_id = account.account_id)
ORDER BY account.account_id FOR UPDATE

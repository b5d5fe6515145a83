-- Count a wrong code after a right password; gives the count and whether the account may be locked for it.
-- Rerun: counts again.
-- Rows at full scale: one of 6 million.
-- Must equal: noren.accounts.rules.WRONG_CODES.
UPDATE accounts_account
SET failed_codes = least(failed_codes + 1, 1000)
WHERE account_id = %(account_id)s
RETURNING failed_codes, state = 'active'

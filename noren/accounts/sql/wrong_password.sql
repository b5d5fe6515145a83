-- Count a wrong password; gives the count and whether the account may be locked for it.
-- Rerun: counts again.
-- Rows at full scale: one of 6 million.
-- Must equal: noren.accounts.rules.WRONG_PASSWORDS.
UPDATE accounts_account
SET failed_passwords = least(failed_passwords + 1, 1000)
WHERE account_id = %(account_id)s
RETURNING failed_passwords, state = 'active'

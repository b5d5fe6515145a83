-- Try a line's PIN: a right one clears the count of wrong ones, after too many nothing is right.
-- Rerun: counts again.
-- Rows at full scale: one of 12 million.
-- Must equal: docs/rules/accounts.md, "Linking a line".
UPDATE accounts_line_pin
SET failed = CASE WHEN digest = %(digest)s THEN 0 ELSE failed + 1 END
WHERE line_id = %(line_id)s AND failed < %(most_tries)s
RETURNING failed = 0

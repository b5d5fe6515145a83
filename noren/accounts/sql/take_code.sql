-- Try a security code: counts the try, and uses the code up when it is right. Only the latest one counts.
-- Rerun: a used code gives no row; neither does one that was tried too often or is too old.
-- Rows at full scale: one of some million.
-- Must equal: docs/rules/accounts.md, "Security codes".
UPDATE accounts_code
SET tries = tries + 1, used_at = CASE WHEN digest = %(digest)s THEN %(now)s::timestamptz END
WHERE code_id = (
        SELECT code_id FROM accounts_code
        WHERE purpose = %(purpose)s AND subject = %(subject)s
        ORDER BY made_at DESC LIMIT 1
    )
    AND used_at IS NULL
    AND tries < %(most_tries)s
    AND expires_at > %(now)s
RETURNING used_at IS NOT NULL, destination

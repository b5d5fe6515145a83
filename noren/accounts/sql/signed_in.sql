-- A sign-in, or the use of a partner service: the account is in use, and its history has one row more.
-- Rerun: one more row of history, as for another sign-in.
-- Rows at full scale: one of each, by primary key; heap-only, no index is on what changes.
-- Must equal: a sign-in of one's own forgives wrong passwords, the use of a partner service does not.
WITH used AS (
    UPDATE accounts_account
    SET last_used_at = %(now)s, dormant_notice_at = NULL,
        failed_passwords = CASE WHEN %(service)s = '' THEN 0 ELSE failed_passwords END
    WHERE account_id = %(account_id)s
)
INSERT INTO accounts_sign_in (sign_in_id, account_id, at, result, methods, service, address, agent)
VALUES (%(sign_in_id)s, %(account_id)s, %(now)s, %(result)s, %(methods)s, %(service)s, %(address)s, %(agent)s)

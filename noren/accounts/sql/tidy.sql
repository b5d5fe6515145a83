-- Remove sessions, security codes and counters that have expired.
-- Rerun: harmless.
-- Rows at full scale: what came in the last hours.
-- Must equal: nothing that could still count is removed; a code is kept a day, for who asks what became of it.
WITH sessions AS (DELETE FROM accounts_session WHERE expire_date < %(now)s),
    codes AS (DELETE FROM accounts_code WHERE expires_at < %(now)s - interval '1 day')
DELETE FROM accounts_cache WHERE expires < %(now)s

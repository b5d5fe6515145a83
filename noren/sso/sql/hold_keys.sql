-- Let one at a time make signing keys, until the transaction ends.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: nothing; it only waits.
SELECT pg_advisory_xact_lock(hashtextextended('sso.keys', 0))

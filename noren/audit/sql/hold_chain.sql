-- Wait until the chain is ours, and keep it until the transaction ends.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: one process at a time links rows.
SELECT pg_advisory_xact_lock(hashtextextended('noren.audit.chain', 0))

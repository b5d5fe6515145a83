-- Be the only one to hand over or to settle until the transaction ends; applications go on.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: nothing.
SELECT pg_advisory_xact_lock(hashtextextended('noren.spending', 0))

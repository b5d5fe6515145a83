-- Be the only one that hands orders to partners until the transaction ends, so that numbers have no gap and no double.
-- Rerun: waits again.
-- Rows at full scale: one.
-- Must equal: one name for one thing.
SELECT pg_advisory_xact_lock(hashtextextended('noren.orders', 0))

-- One at a time posts for a usage month, so that what is posted already cannot change meanwhile.
-- Rerun: harmless, let go at the end of the transaction.
-- Rows at full scale: none.
-- Must equal: nothing.
SELECT pg_advisory_xact_lock(hashtextextended('points_post/' || %(usage_month)s::date, 0))

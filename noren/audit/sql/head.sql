-- The last link of the chain.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: noren.audit.queries.head.
SELECT number, hash FROM audit_link ORDER BY number DESC LIMIT 1

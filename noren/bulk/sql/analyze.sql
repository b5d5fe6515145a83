-- Let the planner know how many rows there are.
-- Rerun: the same.
-- Rows at full scale: 100,000.
-- Must equal: nothing.
ANALYZE bulk_fact

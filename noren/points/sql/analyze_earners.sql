-- Let the planner know how many members a slice of pools has: some, or a hundred thousand.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: nothing.
ANALYZE points_earner (wallet_id)

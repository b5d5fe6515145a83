-- Let the planner know in how many wallets a slice of pools changes something: in one, or in thousands.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: nothing.
ANALYZE points_delta (wallet_id)

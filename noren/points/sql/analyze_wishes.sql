-- Let the planner know in how many wallets a slice wishes something: in one, or in thousands.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: nothing.
ANALYZE points_wish (wallet_id)

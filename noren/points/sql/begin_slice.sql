-- Be the only one to change many wallets until the transaction ends; single operations go on.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: nothing.
SELECT points_begin_slice()

-- Be the only one to change many wallets until the transaction ends; single operations go on.
-- A slice is joined by hashing: new tables have no statistics yet, and a guess of a single row would lead the planner
-- to compare every wallet with every other, minutes instead of a second.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: nothing.
SELECT points_begin_slice(), set_config('enable_nestloop', 'off', true)

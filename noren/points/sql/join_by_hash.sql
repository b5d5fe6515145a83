-- Join by hashing until the transaction ends. New tables have no statistics yet, and a guess of a single row would lead
-- the planner to compare every wallet of a slice with every other: minutes instead of a second.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: nothing.
SELECT set_config('enable_nestloop', 'off', true)

-- Begin again with no deltas.
-- Rerun: harmless.
-- Rows at full scale: some thousand.
-- Must equal: nothing.
DELETE FROM points_delta

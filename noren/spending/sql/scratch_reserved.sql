-- A place for what a slice of standing allocations got.
-- Rerun: it is emptied with every transaction.
-- Rows at full scale: none yet.
-- Must equal: noren.points.actions.reserve_slice, `reserved`.
CREATE TEMP TABLE IF NOT EXISTS spending_reserved (
    standing_id uuid NOT NULL,
    points bigint NOT NULL,
    first_line smallint NOT NULL,
    lines smallint NOT NULL
) ON COMMIT DELETE ROWS

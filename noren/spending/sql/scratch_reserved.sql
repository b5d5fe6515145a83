-- Places for what a slice of standing allocations wished, and what it got.
-- Rerun: they are emptied with every transaction.
-- Rows at full scale: none yet.
-- Must equal: noren.points.actions.reserve_slice, `wishes` and `reserved`.
DO $$
BEGIN
    CREATE TEMP TABLE IF NOT EXISTS spending_wished (
        standing_id uuid NOT NULL,
        wallet_id uuid NOT NULL,
        place bigint NOT NULL,
        points bigint
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS spending_reserved (
        standing_id uuid NOT NULL,
        points bigint NOT NULL,
        first_line smallint NOT NULL,
        lines smallint NOT NULL
    ) ON COMMIT DELETE ROWS;
    TRUNCATE spending_wished, spending_reserved;
END
$$

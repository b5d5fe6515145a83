-- Places for the good rows of an answer, for the items that they settle, and for allocations that were refused.
-- Rerun: they are emptied with every transaction.
-- Rows at full scale: none yet.
-- Must equal: noren.spending.layouts.ANSWERS.
DO $$
BEGIN
    CREATE TEMP TABLE IF NOT EXISTS spending_answered (
        month date NOT NULL,
        number integer NOT NULL,
        wallet_id uuid NOT NULL,
        allocation_id uuid NOT NULL,
        state text NOT NULL,
        points bigint NOT NULL,
        reason text NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS spending_settled (
        month date NOT NULL,
        number integer NOT NULL,
        wallet_id uuid NOT NULL,
        allocation_id uuid NOT NULL,
        state text NOT NULL,
        points bigint NOT NULL,
        paid bigint NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS spending_refused (
        wallet_id uuid NOT NULL,
        allocation_id uuid NOT NULL,
        waiting bigint NOT NULL,
        points bigint NOT NULL
    ) ON COMMIT DELETE ROWS;
    TRUNCATE spending_answered, spending_settled, spending_refused;
END
$$

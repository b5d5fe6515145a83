-- A place for what is found of the rows of a transaction.
-- Rerun: it is emptied.
-- Rows at full scale: none yet.
-- Must equal: noren.bulk.rules.Judged.
CREATE TEMP TABLE IF NOT EXISTS bulk_judged (
    number integer PRIMARY KEY,
    account_id text NOT NULL,
    reasons jsonb NOT NULL,
    changes jsonb NOT NULL
) ON COMMIT DELETE ROWS

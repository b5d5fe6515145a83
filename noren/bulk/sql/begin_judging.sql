-- A place for the facts and judgements of a transaction, with statistics of its own.
-- Rerun: it is emptied.
-- Rows at full scale: none yet.
-- Must equal: noren.bulk.rules.Facts.
CREATE TEMP TABLE IF NOT EXISTS bulk_fact (
    number integer PRIMARY KEY,
    given jsonb NOT NULL,
    account_id text,
    above boolean NOT NULL DEFAULT false,
    earlier boolean NOT NULL DEFAULT false
) ON COMMIT DELETE ROWS

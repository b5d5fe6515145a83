-- A place for the rows that are to be judged in a transaction, with statistics of its own.
-- Rerun: it is emptied.
-- Rows at full scale: none yet.
-- Must equal: what noren.bulk.reading.fields read of the rows.
CREATE TEMP TABLE IF NOT EXISTS bulk_wanted (
    number integer NOT NULL,
    name text,
    key text,
    given jsonb NOT NULL
) ON COMMIT DELETE ROWS

-- Entries, partitioned by month. No partition exists at first: points_ensure_month() adds them.
CREATE TABLE points_entry (
    wallet_id uuid NOT NULL,
    posting_id uuid NOT NULL,
    line smallint NOT NULL,
    effective_on date NOT NULL,
    kind text COLLATE "C" NOT NULL,
    uses text COLLATE "C" NOT NULL,
    lapses_on date NOT NULL,
    points bigint NOT NULL CONSTRAINT points_entry_moves_points CHECK (points <> 0),
    movement text COLLATE "C" NOT NULL,
    usage_month date,
    booked_at timestamptz NOT NULL,
    CONSTRAINT points_entry_pkey PRIMARY KEY (wallet_id, posting_id, line, effective_on)
) PARTITION BY RANGE (effective_on);

-- A run changes every row of a slice once. In pages less than half full the new version always finds room beside the
-- old one, so no index changes: posting a month into existing lots takes half the time, and the tables stay smaller
-- than with fuller pages, which would be split by the first month and never be tidy again.
ALTER TABLE points_wallet SET (fillfactor = 45);
ALTER TABLE points_lot SET (fillfactor = 45);

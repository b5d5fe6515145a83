-- The database's clock, for keys that are made at the first use, when no door says what time it is.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: the time.
SELECT clock_timestamp()

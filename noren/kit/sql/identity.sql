-- The identity of the database.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: the file `installation` in the data directory.
SELECT id FROM noren_installation

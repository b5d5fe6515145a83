-- The identity of the database, by which a data directory knows that it belongs to it.
-- Rerun: harmless, what is there stays.
-- Rows at full scale: one.
-- Must equal: the file `installation` in the data directory.
DO $$
BEGIN
    CREATE TABLE IF NOT EXISTS noren_installation (id uuid PRIMARY KEY);
    INSERT INTO noren_installation (id) SELECT gen_random_uuid() WHERE NOT EXISTS (SELECT FROM noren_installation);
    GRANT SELECT ON noren_installation TO noren_app;
END
$$

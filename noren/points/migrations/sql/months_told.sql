-- The partition of the day's month. The owner makes it for the application's role, which may make no tables.
-- The table is attached when it is complete: that waits for nobody who reads or writes entries.
CREATE OR REPLACE FUNCTION points_ensure_month(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    since date := date_trunc('month', day)::date;
    until date := (since + interval '1 month')::date;
    name text := format('points_entry_%s', to_char(since, 'YYYY_MM'));
    turn bigint := hashtextextended('points_ensure_month', 0);
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        -- A commit is seen before the other sessions are told that the partition is attached. Whoever made it lets go
        -- of the lock after that.
        PERFORM pg_advisory_lock_shared(turn);
        PERFORM pg_advisory_unlock_shared(turn);
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(turn);
    -- Whoever had the lock may have made it. This session still remembers that there was none, so look into the table.
    PERFORM FROM pg_class WHERE relname = name AND relnamespace = 'public'::regnamespace;
    IF found THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE points_entry INCLUDING ALL)', name);
    EXECUTE format(
        'ALTER TABLE points_entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, since, until
    );
END
$$;

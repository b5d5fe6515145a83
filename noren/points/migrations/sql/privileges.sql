-- The application's role adds to the books and changes sums. It may not change or remove what was posted.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'noren_app') THEN
        CREATE ROLE noren_app;
    END IF;
END
$$;

GRANT SELECT, INSERT
ON points_posting, points_entry, points_programme_entry, points_origin, points_idempotency
TO noren_app;

GRANT SELECT, INSERT, UPDATE ON points_wallet, points_lot TO noren_app;

REVOKE ALL ON FUNCTION points_ensure_month(date) FROM public;
GRANT EXECUTE ON FUNCTION points_ensure_month(date) TO noren_app;

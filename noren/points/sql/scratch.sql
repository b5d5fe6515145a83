-- Empty scratch tables of this connection, which the set-based statements fill and read.
-- Rerun: harmless, they are emptied.
-- Rows at full scale: none yet.
-- Must equal: nothing.
DO $$
BEGIN
    IF to_regclass('pg_temp.points_target') IS NOT NULL THEN
        TRUNCATE
            points_target, points_delta, points_netting, points_taken, points_ended, points_due, points_aside,
            points_filled, points_earner, points_share, points_wish, points_part, points_return, points_back;
        RETURN;
    END IF;
    CREATE TEMPORARY TABLE points_target (
        wallet_id uuid NOT NULL,
        owner_kind text NOT NULL,
        owner_id text NOT NULL,
        points bigint NOT NULL CONSTRAINT points_target_positive CHECK (points > 0)
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_delta (
        wallet_id uuid NOT NULL,
        owner_kind text NOT NULL,
        owner_id text NOT NULL,
        points bigint NOT NULL CONSTRAINT points_delta_not_zero CHECK (points <> 0)
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_netting (
        wallet_id uuid NOT NULL,
        points bigint NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_taken (
        wallet_id uuid NOT NULL,
        line smallint NOT NULL,
        kind text COLLATE "C" NOT NULL,
        uses text COLLATE "C" NOT NULL,
        lapses_on date NOT NULL,
        points bigint NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_ended (
        wallet_id uuid NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_due (
        wallet_id uuid NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_aside (
        wallet_id uuid NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_filled (
        wallet_id uuid NOT NULL,
        kind text COLLATE "C" NOT NULL,
        uses text COLLATE "C" NOT NULL,
        lapses_on date NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_earner (
        wallet_id uuid NOT NULL,
        owner_kind text,
        owner_id text,
        points bigint NOT NULL CONSTRAINT points_earner_not_negative CHECK (points >= 0),
        pool_id uuid,
        pool_owner_id text
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_wish (
        item_id uuid NOT NULL,
        wallet_id uuid NOT NULL,
        place bigint NOT NULL,
        points bigint CONSTRAINT points_wish_positive CHECK (points > 0)
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_part (
        item_id uuid NOT NULL,
        wallet_id uuid NOT NULL,
        line smallint NOT NULL,
        kind text COLLATE "C" NOT NULL,
        uses text COLLATE "C" NOT NULL,
        lapses_on date NOT NULL,
        points bigint NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_return (
        wallet_id uuid NOT NULL,
        natural_key text NOT NULL,
        posting_id uuid NOT NULL,
        reversed uuid NOT NULL,
        effective_on date NOT NULL,
        first_line smallint NOT NULL,
        lines smallint NOT NULL,
        before bigint NOT NULL,
        points bigint NOT NULL CONSTRAINT points_return_positive CHECK (points > 0)
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_back (
        wallet_id uuid NOT NULL,
        posting_id uuid NOT NULL,
        line smallint NOT NULL,
        kind text COLLATE "C" NOT NULL,
        uses text COLLATE "C" NOT NULL,
        lapses_on date NOT NULL,
        points bigint NOT NULL,
        netted bigint NOT NULL
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE points_share (
        place_id uuid NOT NULL,
        wallet_id uuid NOT NULL,
        points bigint NOT NULL CONSTRAINT points_share_not_zero CHECK (points <> 0)
    ) ON COMMIT DELETE ROWS;
END
$$

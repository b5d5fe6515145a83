-- Move all that members can use on the day into a pool: a posting for each member that has something, one for the pool,
-- all with the same id. Members in arrears, and those without usable points, are left out and counted.
CREATE FUNCTION points_pool_in(
    pool uuid, operation points_operation, owner_kind text, owner_id text, members uuid[]
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
    given record;
    owing record;
    part record;
    balance bigint;
    next_line smallint := 1;
BEGIN
    PERFORM points_begin_slice();
    PERFORM points_ensure_wallet(pool, owner_kind, owner_id);
    PERFORM FROM points_wallet WHERE wallet_id = ANY (members || pool) ORDER BY wallet_id FOR UPDATE;
    known := points_known(pool, operation);
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    SELECT count(*) AS wallets, coalesce(sum(arrears), 0)::bigint AS points INTO owing
    FROM points_wallet WHERE wallet_id = ANY (members) AND arrears > 0;
    WITH taken AS MATERIALIZED (
        SELECT
            wallet_id, lot.kind, lot.uses, lot.lapses_on, lot.remaining,
            row_number() OVER (
                PARTITION BY wallet_id ORDER BY lot.lapses_on, lot.is_limited DESC, lot.kind, lot.uses
            ) AS line
        FROM points_wallet AS wallet JOIN points_lot AS lot USING (wallet_id)
        WHERE wallet_id = ANY (members) AND wallet.arrears = 0
            AND lot.is_open AND lot.lapses_on >= operation.effective_on
    ),
    giving AS (
        SELECT wallet_id, sum(remaining)::bigint AS points FROM taken GROUP BY wallet_id
    ),
    entered AS (
        INSERT INTO points_entry (
            wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, booked_at
        )
        SELECT
            wallet_id, operation.posting_id, line, operation.effective_on, kind, uses, lapses_on, -remaining,
            'transfer', operation.booked_at
        FROM taken
    ),
    emptied AS (
        UPDATE points_lot AS lot SET granted = lot.granted - taken.remaining, remaining = 0, is_open = false
        FROM taken
        WHERE lot.wallet_id = taken.wallet_id AND lot.kind = taken.kind AND lot.uses = taken.uses
            AND lot.lapses_on = taken.lapses_on
    ),
    debited AS (
        UPDATE points_wallet AS wallet SET points = wallet.points - giving.points
        FROM giving
        WHERE wallet.wallet_id = giving.wallet_id
    ),
    posted AS (
        INSERT INTO points_posting (
            wallet_id, posting_id, natural_key, movement, effective_on, booked_at, reason, actor, points
        )
        SELECT
            wallet_id, operation.posting_id, pool::text || '/' || operation.key, 'transfer', operation.effective_on,
            operation.booked_at, operation.reason, operation.actor, -points
        FROM giving
    )
    SELECT count(*) AS wallets, coalesce(sum(points), 0)::bigint AS points INTO given FROM giving;
    IF given.wallets > 0 THEN
        PERFORM points_note_origins(pool, operation, members);
        FOR part IN
            SELECT entry.kind, lot.is_limited, entry.uses, entry.lapses_on, -sum(entry.points)::bigint AS points
            FROM points_entry AS entry
            JOIN points_lot AS lot USING (wallet_id, kind, uses, lapses_on)
            WHERE entry.wallet_id = ANY (members) AND entry.posting_id = operation.posting_id
                AND entry.effective_on = operation.effective_on
            GROUP BY entry.kind, lot.is_limited, entry.uses, entry.lapses_on
            ORDER BY entry.lapses_on, lot.is_limited DESC, entry.kind, entry.uses
        LOOP
            next_line := points_credit(
                pool, operation, next_line,
                ROW(part.kind, part.is_limited, part.uses, part.lapses_on)::points_lot_key, part.points, 'transfer'
            );
        END LOOP;
        INSERT INTO points_posting (
            wallet_id, posting_id, natural_key, movement, effective_on, booked_at, reason, actor, points
        ) VALUES (
            pool, operation.posting_id, pool::text || '/' || operation.key, 'transfer', operation.effective_on,
            operation.booked_at, operation.reason, operation.actor, given.points
        );
    END IF;
    SELECT points INTO balance FROM points_wallet WHERE wallet_id = pool;
    RETURN points_answer(pool, operation, jsonb_build_object(
        'wallets', given.wallets, 'points', given.points, 'in_arrears', owing.wallets, 'arrears', owing.points,
        'without', cardinality(members) - given.wallets - owing.wallets, 'balance', balance
    ));
END
$$;

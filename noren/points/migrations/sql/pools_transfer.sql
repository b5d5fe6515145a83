-- Move points to another wallet, all that can be used (null) or so many in the order of use. Kinds, uses and days
-- stay as they are, and the target remembers from whom they came. Each wallet gets a posting with the same id.
CREATE OR REPLACE FUNCTION points_transfer(
    source uuid, operation points_operation, target uuid, owner_kind text, owner_id text, wanted points_amount
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
    owed bigint;
    usable bigint;
    amount bigint;
    taken record;
    next_line smallint := 1;
BEGIN
    IF NOT EXISTS (SELECT FROM points_wallet WHERE wallet_id = source) THEN
        RETURN '{"refused": "points.no_such_wallet"}';
    END IF;
    PERFORM points_wait_for_slice();
    PERFORM points_ensure_wallet(target, owner_kind, owner_id);
    PERFORM FROM points_wallet WHERE wallet_id IN (source, target) ORDER BY wallet_id FOR UPDATE;
    known := points_known(source, operation);
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    SELECT arrears INTO owed FROM points_wallet WHERE wallet_id = source;
    IF owed > 0 THEN
        RETURN points_answer(source, operation, jsonb_build_object('refused', 'points.in_arrears', 'arrears', owed));
    END IF;
    usable := points_usable(source, operation.effective_on, NULL);
    amount := coalesce(wanted, usable);
    IF amount = 0 OR amount > usable THEN
        RETURN points_answer(source, operation, jsonb_build_object(
            'refused', 'points.insufficient', 'points', amount, 'usable', usable
        ));
    END IF;
    PERFORM points_debit(source, operation, amount, operation.effective_on, NULL, 'transfer');
    PERFORM points_note_origins(target, operation, ARRAY[source]);
    FOR taken IN
        SELECT entry.kind, lot.is_limited, entry.uses, entry.lapses_on, -entry.points AS points
        FROM points_entry AS entry
        JOIN points_lot AS lot USING (wallet_id, kind, uses, lapses_on)
        WHERE entry.wallet_id = source AND entry.posting_id = operation.posting_id
            AND entry.effective_on = operation.effective_on
        ORDER BY entry.line
    LOOP
        next_line := points_credit(
            target, operation, next_line,
            ROW(taken.kind, taken.is_limited, taken.uses, taken.lapses_on)::points_lot_key, taken.points, 'transfer'
        );
    END LOOP;
    INSERT INTO points_posting (
        wallet_id, posting_id, natural_key, movement, effective_on, booked_at, reason, actor, points
    ) VALUES (
        target, operation.posting_id, source::text || '/' || operation.key, 'transfer', operation.effective_on,
        operation.booked_at, operation.reason, operation.actor, amount
    );
    RETURN points_book(source, operation, 'transfer', -amount, NULL);
END
$$;

-- Give points (into the lot) or take them (in the order of use). Points taken may come from any open lot, also from
-- one whose day is past: only when all are empty is a wallet in arrears.
CREATE FUNCTION points_adjust(
    wallet uuid, operation points_operation, change bigint, lot points_lot_key, allow_negative boolean
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
    held bigint;
    short bigint;
BEGIN
    SELECT points + arrears INTO held FROM points_wallet WHERE wallet_id = wallet FOR UPDATE;
    IF NOT found THEN
        RETURN '{"refused": "points.no_such_wallet"}';
    END IF;
    known := points_known(wallet, operation);
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    IF change > 0 THEN
        PERFORM points_credit(wallet, operation, 1::smallint, lot, change, 'adjust');
    ELSE
        short := greatest(-change - held, 0);
        IF short > 0 AND NOT allow_negative THEN
            RETURN points_answer(wallet, operation, jsonb_build_object(
                'refused', 'points.insufficient', 'points', -change, 'usable', held
            ));
        END IF;
        PERFORM points_debit(wallet, operation, -change - short, '-infinity', NULL, 'adjust');
        IF short > 0 THEN
            UPDATE points_wallet SET points = points - short, arrears = arrears + short WHERE wallet_id = wallet;
            INSERT INTO points_entry (
                wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, booked_at
            ) VALUES (
                wallet, operation.posting_id, 0, operation.effective_on, 'arrears', '', '9999-12-31', -short, 'adjust',
                operation.booked_at
            );
        END IF;
    END IF;
    RETURN points_book(wallet, operation, 'adjust', change, 'adjusted');
END
$$;

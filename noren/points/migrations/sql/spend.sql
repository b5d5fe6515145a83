-- Use points, in the order of use, or none.
CREATE FUNCTION points_spend(
    wallet uuid, operation points_operation, amount points_amount, for_use text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
    usable bigint;
BEGIN
    PERFORM FROM points_wallet WHERE wallet_id = wallet FOR UPDATE;
    IF NOT found THEN
        RETURN '{"refused": "points.no_such_wallet"}';
    END IF;
    known := points_known(wallet, operation);
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    usable := points_usable(wallet, operation.effective_on, for_use);
    IF usable < amount THEN
        RETURN points_answer(wallet, operation, jsonb_build_object(
            'refused', 'points.insufficient', 'points', amount, 'usable', usable
        ));
    END IF;
    PERFORM points_debit(wallet, operation, amount, operation.effective_on, for_use, 'spend');
    RETURN points_book(wallet, operation, 'spend', -amount, 'used/' || for_use, for_use);
END
$$;

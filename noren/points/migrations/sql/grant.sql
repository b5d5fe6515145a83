-- Give points, into a wallet that is made when it is not there yet.
CREATE FUNCTION points_grant(
    wallet uuid, operation points_operation, owner_kind text, owner_id text, lot points_lot_key, amount points_amount
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
BEGIN
    PERFORM points_ensure_wallet(wallet, owner_kind, owner_id);
    PERFORM FROM points_wallet WHERE wallet_id = wallet FOR UPDATE;
    known := points_known(wallet, operation);
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    PERFORM points_credit(wallet, operation, 1::smallint, lot, amount, 'grant');
    RETURN points_book(wallet, operation, 'grant', amount, 'issued');
END
$$;

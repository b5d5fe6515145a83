-- Use points, in the order of use, or none. What is used counts for each of the spenders in the month of the day.
-- The programme's side is `against`, where the use waits to be confirmed, or (null) the account of the use.
DROP FUNCTION points_spend(uuid, points_operation, points_amount, text, text[]);

CREATE FUNCTION points_spend(
    wallet uuid, operation points_operation, amount points_amount, for_use text, spenders text[] DEFAULT '{}',
    against text DEFAULT NULL
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    in_month date := date_trunc('month', operation.effective_on)::date;
    known jsonb;
    refused jsonb;
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
    IF cardinality(spenders) > 0 THEN
        refused := points_over_budget(wallet, in_month, spenders, amount);
        IF refused IS NOT NULL THEN
            RETURN points_answer(wallet, operation, refused);
        END IF;
    END IF;
    usable := points_usable(wallet, operation.effective_on, for_use);
    IF usable < amount THEN
        RETURN points_answer(wallet, operation, jsonb_build_object(
            'refused', 'points.insufficient', 'points', amount, 'usable', usable
        ));
    END IF;
    PERFORM points_debit(wallet, operation, amount, operation.effective_on, for_use, 'spend');
    IF cardinality(spenders) > 0 THEN
        INSERT INTO points_budget_use AS spent (wallet_id, spender, month, used)
        SELECT wallet, named.spender, in_month, amount FROM unnest(spenders) AS named (spender)
        ON CONFLICT (wallet_id, spender, month) DO UPDATE SET used = spent.used + excluded.used;
    END IF;
    RETURN points_book(
        wallet, operation, 'spend', -amount, coalesce(against, 'used/' || for_use), for_use, NULL, spenders
    );
END
$$;

-- Write the posting, and give the answer that says so. `spent_by`: on whose limits of the month it counts.
DROP FUNCTION points_book(uuid, points_operation, text, bigint, text, text, uuid);

CREATE FUNCTION points_book(
    wallet uuid, operation points_operation, what text, net bigint, account text,
    for_use text DEFAULT '', corrected uuid DEFAULT NULL, spent_by text[] DEFAULT '{}'
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    balance bigint;
BEGIN
    INSERT INTO points_posting (
        wallet_id, posting_id, natural_key, movement, effective_on, booked_at, use, corrects, reason, actor, points,
        spenders
    ) VALUES (
        wallet, operation.posting_id, wallet::text || '/' || operation.key, what, operation.effective_on,
        operation.booked_at, for_use, corrected, operation.reason, operation.actor, net, spent_by
    );
    IF account IS NOT NULL THEN
        INSERT INTO points_programme_entry (wallet_id, posting_id, account, points, effective_on, booked_at)
        VALUES (wallet, operation.posting_id, account, -net, operation.effective_on, operation.booked_at);
    END IF;
    SELECT points INTO balance FROM points_wallet WHERE wallet_id = wallet;
    RETURN points_answer(wallet, operation, jsonb_build_object(
        'posting_id', operation.posting_id, 'points', net, 'balance', balance
    ));
END
$$;

-- The refusal if the amount is more than one of the spenders has left of its limit in the month; null if none is.
CREATE FUNCTION points_over_budget(
    wallet uuid, in_month date, spenders text[], amount points_amount
) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    reached record;
BEGIN
    SELECT budget.spender, budget.monthly, coalesce(spent.used, 0) AS used INTO reached
    FROM points_budget AS budget
    LEFT JOIN points_budget_use AS spent
        ON spent.wallet_id = budget.wallet_id AND spent.spender = budget.spender AND spent.month = in_month
    WHERE budget.wallet_id = wallet AND budget.spender = ANY (spenders)
        AND coalesce(spent.used, 0) + amount > budget.monthly
    ORDER BY budget.spender
    LIMIT 1;
    IF NOT found THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object(
        'refused', 'points.over_budget', 'spender', reached.spender, 'limit', reached.monthly, 'used', reached.used,
        'asked', amount
    );
END
$$;

-- Use points, in the order of use, or none. What is used counts for each of the spenders in the month of the day.
DROP FUNCTION points_spend(uuid, points_operation, points_amount, text);

CREATE FUNCTION points_spend(
    wallet uuid, operation points_operation, amount points_amount, for_use text, spenders text[] DEFAULT '{}'
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
    RETURN points_book(wallet, operation, 'spend', -amount, 'used/' || for_use, for_use, NULL, spenders);
END
$$;

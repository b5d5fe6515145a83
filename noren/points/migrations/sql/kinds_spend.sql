-- A use may name the kinds of points that it takes; none named (an empty list): all that serve the use.
-- The condition is one that no index serves: a plan made for the kinds named would look cheaper than the kept one, and
-- would be made at every call.
DROP FUNCTION points_usable(uuid, date, text);
DROP FUNCTION points_debit(uuid, points_operation, bigint, date, text, text);
DROP FUNCTION points_spend(uuid, points_operation, points_amount, text, text[], text);

-- Points that the wallet can use on the day, for the use or (null) for any, of these kinds or (none) of all.
CREATE FUNCTION points_usable(wallet uuid, day date, for_use text, kinds text[] DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    usable bigint;
BEGIN
    SELECT coalesce(sum(remaining), 0) INTO usable
    FROM points_lot
    WHERE wallet_id = wallet AND is_open AND lapses_on >= day
        AND (for_use IS NULL OR uses = '*' OR for_use = ANY (string_to_array(uses, ' ')))
        AND (kind = ANY (nullif(kinds, '{}'))) IS NOT FALSE;
    RETURN usable;
END
$$;

-- Take points from the lots in the order of use, at most what they hold; gives how many were taken.
-- Must equal noren.points.rules.take.
CREATE FUNCTION points_debit(
    wallet uuid, operation points_operation, amount bigint, since date, for_use text, what text,
    kinds text[] DEFAULT '{}'
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    lot record;
    rest bigint := amount;
    part bigint;
    next_line smallint := 1;
BEGIN
    FOR lot IN
        SELECT kind, uses, lapses_on, remaining
        FROM points_lot
        WHERE wallet_id = wallet AND is_open AND lapses_on >= since
            AND (for_use IS NULL OR uses = '*' OR for_use = ANY (string_to_array(uses, ' ')))
            AND (kind = ANY (nullif(kinds, '{}'))) IS NOT FALSE
        ORDER BY lapses_on, is_limited DESC, kind, uses
    LOOP
        EXIT WHEN rest = 0;
        part := least(lot.remaining, rest);
        UPDATE points_lot SET
            granted = granted - CASE what WHEN 'spend' THEN 0 ELSE part END,
            used = used + CASE what WHEN 'spend' THEN part ELSE 0 END,
            remaining = remaining - part,
            is_open = remaining > part
        WHERE wallet_id = wallet AND kind = lot.kind AND uses = lot.uses AND lapses_on = lot.lapses_on;
        INSERT INTO points_entry (
            wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, booked_at
        ) VALUES (
            wallet, operation.posting_id, next_line, operation.effective_on, lot.kind, lot.uses, lot.lapses_on, -part,
            what, operation.booked_at
        );
        next_line := next_line + 1;
        rest := rest - part;
    END LOOP;
    UPDATE points_wallet SET points = points - (amount - rest) WHERE wallet_id = wallet;
    RETURN amount - rest;
END
$$;

-- Use points, in the order of use, or none. What is used counts for each of the spenders in the month of the day.
-- The programme's side is `against`, where the use waits to be confirmed, or (null) the account of the use.
CREATE FUNCTION points_spend(
    wallet uuid, operation points_operation, amount points_amount, for_use text, spenders text[] DEFAULT '{}',
    against text DEFAULT NULL, kinds text[] DEFAULT '{}'
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
    usable := points_usable(wallet, operation.effective_on, for_use, kinds);
    IF usable < amount THEN
        RETURN points_answer(wallet, operation, jsonb_build_object(
            'refused', 'points.insufficient', 'points', amount, 'usable', usable
        ));
    END IF;
    PERFORM points_debit(wallet, operation, amount, operation.effective_on, for_use, 'spend', kinds);
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

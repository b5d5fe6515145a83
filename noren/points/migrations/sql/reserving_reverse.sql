-- Give back what was used, all that is left of it (null) or a part, to the lots from which it was taken.
-- The lot taken last is filled first, so what was given back before is known from its sum alone. Those on whose limits
-- it counted get it back in the month of the use.
-- The programme's side is `against`, where the use waits, or (null) the account of the use.
-- Must equal noren.points.rules.unwind.
DROP FUNCTION points_reverse(uuid, points_operation, uuid, points_amount);

CREATE FUNCTION points_reverse(
    wallet uuid, operation points_operation, reversed uuid, wanted points_amount, against text DEFAULT NULL
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
    spent record;
    taken record;
    returned bigint;
    amount bigint;
    rest bigint;
    skipped bigint;
    part bigint;
    next_line smallint := 1;
BEGIN
    PERFORM FROM points_wallet WHERE wallet_id = wallet FOR UPDATE;
    IF NOT found THEN
        RETURN '{"refused": "points.no_such_wallet"}';
    END IF;
    known := points_known(wallet, operation);
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    SELECT effective_on, use, spenders, -points AS points INTO spent
    FROM points_posting WHERE wallet_id = wallet AND posting_id = reversed AND movement = 'spend';
    IF NOT found THEN
        RETURN points_answer(wallet, operation, '{"refused": "points.no_such_posting"}');
    END IF;
    SELECT coalesce(sum(points), 0) INTO returned
    FROM points_posting WHERE wallet_id = wallet AND corrects = reversed;
    amount := coalesce(wanted, spent.points - returned);
    IF amount = 0 OR amount > spent.points - returned THEN
        RETURN points_answer(wallet, operation, jsonb_build_object(
            'refused', 'points.already_reversed', 'spent', spent.points, 'returned', returned
        ));
    END IF;
    rest := amount;
    FOR taken IN
        SELECT entry.kind, lot.is_limited, entry.uses, entry.lapses_on, -entry.points AS points
        FROM points_entry AS entry
        JOIN points_lot AS lot USING (wallet_id, kind, uses, lapses_on)
        WHERE entry.wallet_id = wallet AND entry.posting_id = reversed AND entry.effective_on = spent.effective_on
        ORDER BY entry.line DESC
    LOOP
        skipped := least(taken.points, returned);
        returned := returned - skipped;
        part := least(taken.points - skipped, rest);
        rest := rest - part;
        IF part > 0 THEN
            next_line := points_credit(
                wallet, operation, next_line,
                ROW(taken.kind, taken.is_limited, taken.uses, taken.lapses_on)::points_lot_key, part, 'reverse'
            );
        END IF;
    END LOOP;
    IF cardinality(spent.spenders) > 0 THEN
        UPDATE points_budget_use SET used = used - amount
        WHERE wallet_id = wallet AND spender = ANY (spent.spenders)
            AND month = date_trunc('month', spent.effective_on)::date;
    END IF;
    RETURN points_book(
        wallet, operation, 'reverse', amount, coalesce(against, 'used/' || spent.use), spent.use, reversed
    );
END
$$;

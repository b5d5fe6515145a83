-- A wallet may be given up: its points are taken, and what was used until then does not come back any more.

-- Let lapse at once what a posting has just given back, but for what paid arrears: in a posting of its own, whose key is
-- made of the other's, and which stands behind it in every history.
CREATE FUNCTION points_lapse_back(wallet uuid, back points_operation) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    operation points_operation := back;
    lot record;
    gone bigint := 0;
    next_line smallint := 1;
BEGIN
    operation.key := back.key || ' lapsed';  -- with a blank, which no key of a partner has
    operation.booked_at := back.booked_at + interval '1 microsecond';
    operation.posting_id := encode(
        substring(sha256(convert_to(wallet::text || '/' || operation.key, 'UTF8')) FOR 16), 'hex'
    )::uuid;
    FOR lot IN
        SELECT kind, uses, lapses_on, sum(points)::bigint AS points
        FROM points_entry
        WHERE wallet_id = wallet AND posting_id = back.posting_id AND effective_on = back.effective_on
            AND kind <> 'arrears'
        GROUP BY kind, uses, lapses_on
        HAVING sum(points) > 0
        ORDER BY min(line)
    LOOP
        UPDATE points_lot SET
            lapsed = lapsed + lot.points,
            remaining = remaining - lot.points,
            is_open = remaining > lot.points
        WHERE wallet_id = wallet AND kind = lot.kind AND uses = lot.uses AND lapses_on = lot.lapses_on;
        INSERT INTO points_entry (
            wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, booked_at
        ) VALUES (
            wallet, operation.posting_id, next_line, operation.effective_on, lot.kind, lot.uses, lot.lapses_on,
            -lot.points, 'expire', operation.booked_at
        );
        next_line := next_line + 1;
        gone := gone + lot.points;
    END LOOP;
    IF gone > 0 THEN
        UPDATE points_wallet SET points = points - gone WHERE wallet_id = wallet;
        PERFORM points_book(wallet, operation, 'expire', -gone, 'lapsed');
    END IF;
END
$$;

-- Take all points from the lots, and remember when. What is owed stays owed.
-- Until when is a matter of who had the wallet first: what was booked before by a clock that is ahead was before, too.
CREATE FUNCTION points_give_up(wallet uuid, operation points_operation) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
    balance bigint;
    held bigint;
BEGIN
    PERFORM points_wait_for_slice();
    SELECT points, points + arrears INTO balance, held FROM points_wallet WHERE wallet_id = wallet FOR UPDATE;
    IF NOT found THEN
        RETURN '{"refused": "points.no_such_wallet"}';
    END IF;
    known := points_known(wallet, operation);
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    UPDATE points_wallet SET given_up_at = greatest(
        operation.booked_at, (SELECT max(booked_at) FROM points_entry WHERE wallet_id = wallet)
    )
    WHERE wallet_id = wallet;
    IF held = 0 THEN
        RETURN points_answer(wallet, operation, jsonb_build_object(
            'posting_id', operation.posting_id, 'points', 0, 'balance', balance
        ));
    END IF;
    PERFORM points_debit(wallet, operation, held, '-infinity', NULL, 'adjust');
    RETURN points_book(wallet, operation, 'adjust', -held, 'adjusted');
END
$$;

-- Give back what was used, as before; what was used until the wallet was given up lapses at once.
-- Must equal noren.points.rules.unwind.
CREATE OR REPLACE FUNCTION points_reverse(
    wallet uuid, operation points_operation, reversed uuid, wanted points_amount, against text DEFAULT NULL
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
    given_up timestamptz;
    spent record;
    taken record;
    returned bigint;
    amount bigint;
    rest bigint;
    skipped bigint;
    part bigint;
    next_line smallint := 1;
BEGIN
    SELECT given_up_at INTO given_up FROM points_wallet WHERE wallet_id = wallet FOR UPDATE;
    IF NOT found THEN
        RETURN '{"refused": "points.no_such_wallet"}';
    END IF;
    known := points_known(wallet, operation);
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    SELECT effective_on, booked_at, use, spenders, -points AS points INTO spent
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
    IF spent.booked_at <= given_up THEN
        PERFORM points_lapse_back(wallet, operation);
    END IF;
    RETURN points_book(
        wallet, operation, 'reverse', amount, coalesce(against, 'used/' || spent.use), spent.use, reversed
    );
END
$$;

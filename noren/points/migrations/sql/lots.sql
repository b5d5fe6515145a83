-- What single operations are made of. Whoever calls holds the lock on the wallet's row.

CREATE DOMAIN points_amount AS bigint CHECK (VALUE > 0);

-- What every single operation is told, beside the wallet and what it is about.
CREATE TYPE points_operation AS (
    posting_id uuid,
    key text,
    request_hash bytea,
    effective_on date,
    booked_at timestamptz,
    reason text,
    actor text
);

CREATE TYPE points_lot_key AS (
    kind text,
    is_limited boolean,
    uses text,
    lapses_on date
);

-- A slice of a run locks many wallets in whatever order is fastest, and knows which wallets exist. So it is alone (with
-- the next two functions) with whatever locks more than one wallet or makes one; all the rest goes on meanwhile.
CREATE FUNCTION points_begin_slice() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('points_slice', 0))
$$;

CREATE FUNCTION points_wait_for_slice() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared(hashtextextended('points_slice', 0))
$$;

-- Have the wallet.
CREATE FUNCTION points_ensure_wallet(wallet uuid, owner_kind text, owner_id text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM points_wallet WHERE wallet_id = wallet) THEN
        PERFORM points_wait_for_slice();
        INSERT INTO points_wallet (wallet_id, owner_kind, owner_id, points)
        VALUES (wallet, points_ensure_wallet.owner_kind, points_ensure_wallet.owner_id, 0)
        ON CONFLICT (wallet_id) DO NOTHING;
    END IF;
END
$$;

-- The answer that the key got before; a conflict if it was asked for something else; null if it is new.
-- In PL/pgSQL, like the next ones: its plans are kept, those of functions in SQL were made at every call before
-- PostgreSQL 18.
CREATE FUNCTION points_known(wallet uuid, operation points_operation) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    known points_idempotency;
BEGIN
    SELECT * INTO known FROM points_idempotency WHERE wallet_id = wallet AND key = operation.key;
    IF NOT found THEN
        RETURN NULL;
    END IF;
    IF known.request_hash <> operation.request_hash THEN
        RETURN '{"refused": "points.key_conflict"}';
    END IF;
    RETURN known.answer || '{"replayed": true}';
END
$$;

-- Keep the answer for the key, and give it.
CREATE FUNCTION points_answer(wallet uuid, operation points_operation, answer jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO points_idempotency (wallet_id, key, request_hash, answer, booked_at)
    VALUES (wallet, operation.key, operation.request_hash, points_answer.answer, operation.booked_at);
    RETURN points_answer.answer;
END
$$;

-- Write the posting, and give the answer that says so.
CREATE FUNCTION points_book(
    wallet uuid, operation points_operation, what text, net bigint, account text,
    for_use text DEFAULT '', corrected uuid DEFAULT NULL
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    balance bigint;
BEGIN
    INSERT INTO points_posting (
        wallet_id, posting_id, natural_key, movement, effective_on, booked_at, use, corrects, reason, actor, points
    ) VALUES (
        wallet, operation.posting_id, wallet::text || '/' || operation.key, what, operation.effective_on,
        operation.booked_at, for_use, corrected, operation.reason, operation.actor, net
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

-- Points that the wallet can use on the day, for the use or (null) for any.
CREATE FUNCTION points_usable(wallet uuid, day date, for_use text) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    usable bigint;
BEGIN
    SELECT coalesce(sum(remaining), 0) INTO usable
    FROM points_lot
    WHERE wallet_id = wallet AND is_open AND lapses_on >= day
        AND (for_use IS NULL OR uses = '*' OR for_use = ANY (string_to_array(uses, ' ')));
    RETURN usable;
END
$$;

-- Take points from the lots in the order of use, at most what they hold; gives how many were taken.
-- Must equal noren.points.rules.take.
CREATE FUNCTION points_debit(
    wallet uuid, operation points_operation, amount bigint, since date, for_use text, what text
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

-- Put points into a lot and net what the wallet owes; gives the next free line of the posting.
-- Points given back were granted before: they take from what is used and add nothing to what is granted.
CREATE FUNCTION points_credit(
    wallet uuid, operation points_operation, next_line smallint, lot points_lot_key, amount points_amount, what text
) RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
    netted bigint;
BEGIN
    SELECT least(arrears, amount) INTO netted FROM points_wallet WHERE wallet_id = wallet;
    UPDATE points_wallet SET points = points + amount, arrears = arrears - netted WHERE wallet_id = wallet;
    IF what = 'reverse' THEN
        UPDATE points_lot SET
            granted = granted - netted,
            used = used - amount,
            remaining = remaining + amount - netted,
            is_open = remaining + amount > netted
        WHERE wallet_id = wallet AND kind = lot.kind AND uses = lot.uses AND lapses_on = lot.lapses_on;
    ELSE
        INSERT INTO points_lot AS held (
            wallet_id, kind, uses, lapses_on, is_limited, granted, remaining, is_open
        ) VALUES (
            wallet, lot.kind, lot.uses, lot.lapses_on, lot.is_limited, amount - netted, amount - netted, amount > netted
        )
        ON CONFLICT (wallet_id, kind, uses, lapses_on) DO UPDATE SET
            granted = held.granted + excluded.granted,
            remaining = held.remaining + excluded.remaining,
            is_open = held.remaining + excluded.remaining > 0;
    END IF;
    INSERT INTO points_entry (
        wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, booked_at
    ) VALUES (
        wallet, operation.posting_id, next_line, operation.effective_on, lot.kind, lot.uses, lot.lapses_on, amount,
        what, operation.booked_at
    );
    IF netted = 0 THEN
        RETURN next_line + 1;
    END IF;
    INSERT INTO points_entry (
        wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, booked_at
    ) VALUES (
        wallet, operation.posting_id, next_line + 1, operation.effective_on, lot.kind, lot.uses, lot.lapses_on, -netted,
        'net', operation.booked_at
    ), (
        wallet, operation.posting_id, next_line + 2, operation.effective_on, 'arrears', '', '9999-12-31', netted,
        'net', operation.booked_at
    );
    RETURN next_line + 3;
END
$$;

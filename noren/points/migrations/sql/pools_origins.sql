-- Who earned the points that a posting has moved out of wallets, and for which month: a row of the target's origins for
-- each. Of a lot those go first that were earned first, and what was used or has lapsed went before. What a wallet got
-- from others, and what it gave away, is known from origins; the rest it earned itself.
-- To be called when the points are out of their lots. Must equal noren.points.rules.oldest.
CREATE FUNCTION points_note_origins(target uuid, operation points_operation, sources uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO points_origin (
        wallet_id, posting_id, line, origin_wallet_id, movement, earned_by, usage_month, earned_on, kind, uses,
        lapses_on, points
    )
    WITH taken AS MATERIALIZED (
        SELECT
            entry.wallet_id, wallet.owner_kind, entry.kind, entry.uses, entry.lapses_on, -entry.points AS points,
            lot.remaining - entry.points AS held
        FROM points_entry AS entry
        JOIN points_lot AS lot USING (wallet_id, kind, uses, lapses_on)
        JOIN points_wallet AS wallet USING (wallet_id)
        WHERE entry.wallet_id = ANY (sources) AND entry.posting_id = operation.posting_id
            AND entry.effective_on = operation.effective_on
    ),
    filled AS (
        SELECT
            taken.*, wallet_id AS earned_by, entry.usage_month,
            coalesce(entry.usage_month, entry.effective_on) AS earned_on, entry.points AS filled
        FROM taken JOIN points_entry AS entry USING (wallet_id, kind, uses, lapses_on)
        WHERE entry.movement IN ('grant', 'correct', 'adjust', 'net')
            AND NOT (
                taken.owner_kind = 'group' AND entry.usage_month IS NOT NULL AND entry.movement IN ('grant', 'correct')
            )
        UNION ALL
        SELECT taken.*, origin.earned_by, origin.usage_month, origin.earned_on, origin.points
        FROM taken JOIN points_origin AS origin USING (wallet_id, kind, uses, lapses_on)
        UNION ALL
        SELECT taken.*, origin.earned_by, origin.usage_month, origin.earned_on, -origin.points
        FROM taken JOIN points_origin AS origin USING (kind, uses, lapses_on)
        WHERE origin.origin_wallet_id = taken.wallet_id AND origin.movement = 'transfer'
    ),
    parts AS (
        SELECT
            wallet_id, kind, uses, lapses_on, points, held, earned_by, usage_month, earned_on,
            sum(filled)::bigint AS filled
        FROM filled
        GROUP BY wallet_id, kind, uses, lapses_on, points, held, earned_by, usage_month, earned_on
        HAVING sum(filled) > 0
    ),
    queued AS (
        SELECT
            *,
            sum(filled) OVER (
                PARTITION BY wallet_id, kind, uses, lapses_on
                ORDER BY earned_on, usage_month NULLS LAST, earned_by
            )::bigint AS upto,
            sum(filled) OVER (PARTITION BY wallet_id, kind, uses, lapses_on)::bigint - held AS used
        FROM parts
    ),
    placed AS (
        SELECT *, greatest(upto - filled - used, 0) AS since, least(upto - used, points) AS until FROM queued
    )
    SELECT
        target, operation.posting_id, row_number() OVER (ORDER BY wallet_id, lapses_on, kind, uses, since), wallet_id,
        'transfer', earned_by, usage_month, earned_on, kind, uses, lapses_on, until - since
    FROM placed
    WHERE until > since;
END
$$;

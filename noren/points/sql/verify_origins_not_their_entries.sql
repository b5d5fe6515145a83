-- What came into wallets from others, and what closes posted to pools or took back there, whose origins do not say so:
-- of every posting, movement and lot, both have the same sum.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/ledger.md, "What always holds".
SELECT
    wallet_id, posting_id, movement, kind, uses, lapses_on, coalesce(origins.points, 0)::bigint AS origins,
    coalesce(entries.points, 0)::bigint AS entries
FROM (
    SELECT wallet_id, posting_id, movement, kind, uses, lapses_on, sum(points) AS points
    FROM points_origin
    GROUP BY wallet_id, posting_id, movement, kind, uses, lapses_on
) AS origins
FULL JOIN (
    SELECT wallet_id, posting_id, movement, kind, uses, lapses_on, sum(points) AS points
    FROM points_entry
    WHERE (movement = 'transfer' AND points > 0)
        OR (
            movement IN ('grant', 'correct') AND usage_month IS NOT NULL
            AND wallet_id IN (SELECT wallet_id FROM points_wallet WHERE owner_kind = 'group')
        )
    GROUP BY wallet_id, posting_id, movement, kind, uses, lapses_on
) AS entries USING (wallet_id, posting_id, movement, kind, uses, lapses_on)
WHERE coalesce(origins.points, 0) <> coalesce(entries.points, 0)
LIMIT %(limit)s

-- What every lot holds, and what is owed.
-- Rerun: reads only.
-- Rows at full scale: 60 million.
-- Must equal: the open lots and the arrears.
COPY (
    SELECT wallet_id, wallet.owner_id AS member_id, held.kind, held.lapses_on, held.points
    FROM (
        SELECT wallet_id, kind, lapses_on, sum(remaining)::bigint AS points
        FROM points_lot
        WHERE is_open
        GROUP BY wallet_id, kind, lapses_on
        UNION ALL
        SELECT wallet_id, 'arrears', '9999-12-31', -arrears FROM points_wallet WHERE arrears > 0
    ) AS held
    JOIN points_wallet AS wallet USING (wallet_id)
    ORDER BY wallet_id, held.kind COLLATE "C", held.lapses_on
) TO STDOUT (FORMAT csv, HEADER true)

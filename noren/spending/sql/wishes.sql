-- What the standing allocations wish for a month and have not got yet, those of a wallet in the order of application.
-- Rerun: what is reserved already is not among them.
-- Rows at full scale: 2 million.
-- Must equal: noren.points.actions.reserve_slice, `wishes`.
COPY (
    SELECT standing_id, wallet_id,
        row_number() OVER (PARTITION BY wallet_id ORDER BY points IS NULL, made_at, standing_id), points
    FROM spending_standing AS standing
    WHERE ended_at IS NULL AND since <= %(month)s AND (until IS NULL OR until >= %(month)s)
        AND NOT EXISTS (
            SELECT FROM spending_allocation AS done
            WHERE done.standing_id = standing.standing_id AND done.month = %(month)s
        )
    ORDER BY 2, 3
) TO STDOUT WITH (FORMAT csv)

-- The balance of a wallet: in all, limited, and usable on the day.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: the sums of its lots, less arrears.
SELECT
    coalesce((SELECT points FROM points_wallet WHERE wallet_id = %(wallet_id)s), 0),
    coalesce(sum(remaining) FILTER (WHERE is_limited), 0)::bigint,
    coalesce(sum(remaining) FILTER (WHERE lapses_on >= %(on)s), 0)::bigint
FROM points_lot
WHERE wallet_id = %(wallet_id)s AND is_open

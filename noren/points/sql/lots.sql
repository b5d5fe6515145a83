-- The lots of a wallet in the order of use.
-- Rerun: reads only.
-- Rows at full scale: a handful.
-- Must equal: noren.points.rules.LotKey.order.
SELECT kind, is_limited, uses, lapses_on, granted, used, lapsed, remaining
FROM points_lot
WHERE wallet_id = %(wallet_id)s
ORDER BY lapses_on, is_limited DESC, kind, uses

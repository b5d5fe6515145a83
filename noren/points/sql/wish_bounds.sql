-- Between which wallets the wishes of a slice lie, so that neighbours are read together.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: the wallets of points_wish.
SELECT
    (SELECT wallet_id FROM points_wish ORDER BY wallet_id LIMIT 1) AS lower,
    (SELECT wallet_id FROM points_wish ORDER BY wallet_id DESC LIMIT 1) AS upper

-- Lock the wallets from which points are reserved, in the order of their ids.
-- Rerun: harmless; the locks are let go at the end of the transaction.
-- Rows at full scale: 20 thousand.
-- Must equal: the wallets of points_wish.
SELECT count(*) FROM (
    SELECT wallet_id FROM points_wallet
    WHERE wallet_id BETWEEN %(lower)s AND %(upper)s AND wallet_id IN (SELECT wallet_id FROM points_wish)
    ORDER BY wallet_id FOR UPDATE
) AS locked

-- Lock the wallets to which points come back, in the order of their ids.
-- Rerun: harmless; the locks are let go at the end of the transaction.
-- Rows at full scale: 20 thousand.
-- Must equal: the wallets of points_return.
SELECT count(*) FROM (
    SELECT wallet_id FROM points_wallet WHERE wallet_id IN (SELECT wallet_id FROM points_return)
    ORDER BY wallet_id FOR UPDATE
) AS locked

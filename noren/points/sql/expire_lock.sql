-- Lock the wallets of a slice from which points lapse, in the order of their ids, and note which.
-- Rerun: into an empty scratch table; the locks are let go at the end of the transaction.
-- Rows at full scale: 200 thousand in a slice in the month after the programme year's points lapse, else few.
-- Must equal: the wallets of expire_taken.sql.
INSERT INTO points_due (wallet_id)
SELECT wallet_id
FROM (
    SELECT wallet_id FROM points_wallet
    WHERE wallet_id IN (
        SELECT wallet_id FROM points_lot
        WHERE is_open AND lapses_on < %(as_of)s
            AND wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet_id < %(upper)s::uuid)
        UNION ALL
        SELECT wallet_id FROM points_ended
        WHERE wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet_id < %(upper)s::uuid)
            AND EXISTS (SELECT FROM points_lot AS lot WHERE lot.wallet_id = points_ended.wallet_id AND lot.is_open)
            AND (
                SELECT count(*) FROM points_entry AS later
                WHERE later.wallet_id = points_ended.wallet_id AND later.effective_on > %(as_of)s
            ) = 0
    )
    ORDER BY wallet_id
    FOR UPDATE
) AS locked

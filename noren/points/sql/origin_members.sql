-- The wallets of a range whose points of a usage month went elsewhere, or were posted elsewhere; pools are none of them.
-- Rerun: reads only.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: the wallets that post_aside.sql sets aside, without pools.
COPY (
    SELECT DISTINCT origin.origin_wallet_id
    FROM points_origin AS origin
    WHERE origin.usage_month = %(usage_month)s::date
        AND origin.origin_wallet_id >= %(lower)s
        AND (%(upper)s::uuid IS NULL OR origin.origin_wallet_id < %(upper)s::uuid)
        AND NOT EXISTS (
            SELECT FROM points_wallet AS pool
            WHERE pool.wallet_id = origin.origin_wallet_id AND pool.owner_kind = 'group'
        )
) TO STDOUT (FORMAT csv)

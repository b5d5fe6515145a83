-- Whether the usage month has given or taken anything in the wallets of a slice.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: posted.points of post_delta.sql is empty.
SELECT EXISTS (
    SELECT FROM points_entry
    WHERE usage_month = %(usage_month)s AND effective_on = ANY (%(days)s::date[])
        AND wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet_id < %(upper)s::uuid)
)

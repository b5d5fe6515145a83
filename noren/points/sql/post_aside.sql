-- Set aside the pools of a slice, and the wallets whose points of the month went elsewhere or were posted elsewhere.
-- Rerun: into an empty scratch table.
-- Rows at full scale: some thousand pools, and those who left one.
-- Must equal: origin_members.sql, and pools.
INSERT INTO points_aside (wallet_id)
SELECT wallet_id
FROM points_wallet
WHERE owner_kind = 'group' AND wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet_id < %(upper)s::uuid)
UNION
SELECT origin_wallet_id
FROM points_origin
WHERE usage_month = %(usage_month)s::date
    AND origin_wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR origin_wallet_id < %(upper)s::uuid)

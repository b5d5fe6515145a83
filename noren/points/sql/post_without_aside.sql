-- Leave the wallets that are set aside as they are.
-- Rerun: harmless.
-- Rows at full scale: 100 thousand in a slice.
-- Must equal: the wallets of post_pools.
DELETE FROM points_delta AS delta USING points_aside AS aside WHERE aside.wallet_id = delta.wallet_id

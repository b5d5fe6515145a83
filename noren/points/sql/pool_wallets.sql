-- Have the wallets in which something changes; empty, if they are new.
-- Rerun: harmless.
-- Rows at full scale: some thousand.
-- Must equal: the places of the shares.
INSERT INTO points_wallet (wallet_id, owner_kind, owner_id, points)
SELECT DISTINCT ON (share.place_id)
    share.place_id,
    CASE share.place_id WHEN earner.pool_id THEN 'group' ELSE earner.owner_kind END,
    CASE share.place_id WHEN earner.pool_id THEN earner.pool_owner_id ELSE earner.owner_id END,
    0
FROM points_share AS share JOIN points_earner AS earner USING (wallet_id)
WHERE NOT EXISTS (SELECT FROM points_wallet AS wallet WHERE wallet.wallet_id = share.place_id)

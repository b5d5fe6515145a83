-- Pools of groups that were dissolved, which hold points: points that came back later; and to whom the others went.
-- Rerun: reads only.
-- Rows at full scale: a handful; read are the wallets of all groups that ended.
-- Must equal: docs/rules/groups.md, dissolution.
SELECT its.group_id, its.heir
FROM groups_group AS its
JOIN points_wallet AS wallet ON wallet.wallet_id = its.group_id
WHERE its.state = 'dissolved' AND its.heir <> '' AND wallet.points > 0
ORDER BY its.group_id

-- Members of groups whose own wallets hold points, although theirs go into the pool: points that came back later.
-- Rerun: reads only.
-- Rows at full scale: a handful; read are the wallets of all who are in groups.
-- Must equal: noren.groups.queries.pools_of.
SELECT member.group_id, array_agg(member.member_uid ORDER BY member.member_uid)
FROM groups_member AS member
JOIN groups_group AS its ON its.group_id = member.group_id
JOIN points_wallet AS wallet ON wallet.wallet_id = member.member_uid
WHERE member.left_at IS NULL AND member.is_pooled AND its.state = 'active' AND wallet.points > 0
GROUP BY member.group_id ORDER BY member.group_id

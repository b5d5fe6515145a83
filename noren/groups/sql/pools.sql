-- The members whose points go to a pool, and which.
-- Rerun: reads only.
-- Rows at full scale: some million.
-- Must equal: noren.groups.rules.is_pooled, kept when the member joined.
COPY (
    SELECT member.member_uid, member.group_id, member.group_id::text
    FROM groups_member AS member JOIN groups_group AS its USING (group_id)
    WHERE member.left_at IS NULL AND member.is_pooled AND its.state = 'active'
) TO STDOUT (FORMAT csv)

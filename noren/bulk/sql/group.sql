-- The group that a job is about, as its rows are judged by it; kept from everybody else while a slice is committed.
-- Rerun: reads only.
-- Rows at full scale: one group of up to 50,000 members.
-- Must equal: noren.groups.actions.rows.corporations, membership.add and roles.grant in what they count.
SELECT its.name, its.state,
    (SELECT count(*) FROM groups_member AS member WHERE member.group_id = its.group_id AND member.left_at IS NULL) AS members,
    (SELECT count(DISTINCT holder.account_id) FROM groups_holder AS holder WHERE holder.group_id = its.group_id) AS holders,
    its.corporation_id || ARRAY(
        SELECT partner.corporation_id FROM groups_partner AS partner
        WHERE partner.group_id = its.group_id AND partner.consented_at IS NOT NULL
    ) AS corporations
FROM groups_group AS its WHERE its.group_id = %(group_id)s
FOR UPDATE

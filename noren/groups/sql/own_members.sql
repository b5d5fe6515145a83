-- The members of a person: the account itself and its lines, as far as they ever joined, and the pools they earn into.
-- Rerun: reads only.
-- Rows at full scale: one for each line of the person, by indexes.
-- Must equal: noren.members.queries.profiles of the account and its lines, less those that never joined; pools_of.
SELECT
    member.kind, member.member_id, member.uid, member.corporation_id, corporation.name, member.joined_on,
    member.withdrawn_on, pool.group_id
FROM (
    SELECT 'account' AS kind, account_id AS member_id, uid, corporation_id, joined_on, withdrawn_on
    FROM members_account
    WHERE account_id = %(account_id)s
    UNION ALL
    SELECT 'line', line.line_id, line.uid, line.corporation_id, line.joined_on, line.withdrawn_on
    FROM accounts_linked_line AS linked
    JOIN members_line AS line ON line.line_id = linked.line_id
    WHERE linked.account_id = %(account_id)s AND linked.unlinked_at IS NULL
) AS member
JOIN members_corporation AS corporation ON corporation.corporation_id = member.corporation_id
LEFT JOIN (
    SELECT inside.member_uid, inside.group_id
    FROM groups_member AS inside
    JOIN groups_group AS one ON one.group_id = inside.group_id
    WHERE inside.left_at IS NULL AND inside.is_pooled AND one.state = 'active'
) AS pool ON pool.member_uid = member.uid
WHERE member.joined_on IS NOT NULL
ORDER BY member.kind, member.member_id

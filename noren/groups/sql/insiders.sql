-- A page of the lines and accounts that are in a group, and how many there are in all.
-- Rerun: reads only.
-- Rows at full scale: 50 of 50 thousand.
-- Must equal: groups_member.
SELECT count(*) OVER (), member.member_uid, member.kind, member.member_id,
    coalesce(nullif(line.phone_number, ''), line.line_id, person.login_id, member.member_id) COLLATE "C" AS called,
    coalesce(person.name, ''), member.unit_id, coalesce(unit.name, '')
FROM groups_member AS member
LEFT JOIN groups_unit AS unit USING (unit_id)
LEFT JOIN members_line AS line ON member.kind = 'line' AND line.line_id = member.member_id
LEFT JOIN accounts_linked_line AS linked ON linked.line_id = line.line_id AND linked.unlinked_at IS NULL
LEFT JOIN accounts_account AS person
    ON person.account_id = CASE member.kind WHEN 'line' THEN linked.account_id ELSE member.member_id END
WHERE member.group_id = %(group_id)s AND member.left_at IS NULL
--: units
    AND member.unit_id = ANY(%(units)s::uuid[])
--.
--: unit
    AND member.unit_id = %(unit_id)s::uuid
--.
--: uids
    AND member.member_uid = ANY(%(uids)s::uuid[])
--.
--: names
    AND (
        member.member_id = ANY(%(names)s::text[]) OR line.phone_number = ANY(%(names)s::text[])
        OR (member.kind = 'account' AND person.login_key = ANY(%(keys)s::text[]))
    )
--.
--: text
    AND (
        member.member_id ILIKE %(text)s OR translate(line.phone_number, '-() ', '') LIKE %(digits)s
        OR person.login_key ILIKE %(text)s OR person.name ILIKE %(text)s OR person.name_kana ILIKE %(text)s
    )
--.
ORDER BY called, member.member_uid
LIMIT %(size)s OFFSET %(offset)s

-- What acts can be about within some groups and units: their members, and the groups themselves.
-- Rerun: reads only.
-- Rows at full scale: 50 thousand for a large group.
-- Must equal: noren.groups.rules.Scope.covers.
SELECT member_id FROM groups_member
WHERE left_at IS NULL AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
UNION
SELECT unnest(%(groups)s::text[])
UNION
SELECT 'group:' || one FROM unnest(%(groups)s::text[]) AS one

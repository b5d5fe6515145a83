-- Judge the rows of an issue job.
-- Rerun: reads only the tables of others.
-- Rows at full scale: 100,000 against 6 million accounts and 12 million lines, each by an index.
-- Must equal: noren.bulk.rules.judge for Operation.ISSUE.
INSERT INTO bulk_judged (number, account_id, reasons, changes)
WITH told AS (
    SELECT fact.number, fact.given,
        account.account_id IS NOT NULL AS login_taken,
        fact.number > min(fact.number) OVER (PARTITION BY fact.given ->> 'login_key') AS earlier,
        line.line_id IS NOT NULL AS line_ours,
        linked.line_id IS NOT NULL
            OR (line.line_id IS NOT NULL AND fact.number > min(fact.number) OVER (PARTITION BY fact.given ->> 'line_id'))
            AS line_linked,
        grouped.member_id IS NOT NULL AS line_grouped,
        fact.given ->> 'unit' IS NULL OR unit.unit_id IS NOT NULL AS unit_known,
        1 + (line.line_id IS NOT NULL)::integer AS size
    FROM bulk_fact AS fact
    LEFT JOIN accounts_account AS account ON account.login_key = fact.given ->> 'login_key'
    LEFT JOIN members_line AS line
        ON line.line_id = fact.given ->> 'line_id' AND line.corporation_id = %(corporation_id)s
        AND (line.closed_on IS NULL OR line.closed_on > %(today)s)
    LEFT JOIN accounts_linked_line AS linked ON linked.line_id = line.line_id AND linked.unlinked_at IS NULL
    LEFT JOIN groups_member AS grouped
        ON grouped.member_uid = line.uid AND grouped.left_at IS NULL AND %(group_id)s::uuid IS NOT NULL
    LEFT JOIN groups_unit AS unit ON unit.group_id = %(group_id)s::uuid AND unit.name = fact.given ->> 'unit'
),
judged AS (
    SELECT told.number, told.given, told.size, array_remove(ARRAY[
        CASE WHEN login_taken THEN 'login_id:login.taken' END,
        CASE WHEN earlier THEN 'login_id:duplicate' END,
        CASE WHEN given ? 'line_id' AND NOT line_ours THEN 'line_id:line.not_linked' END,
        CASE WHEN line_ours AND line_linked THEN 'line_id:line.taken' END,
        CASE WHEN NOT unit_known THEN 'unit:group.not_ours' END,
        CASE WHEN %(group_id)s::uuid IS NOT NULL AND NOT %(corporation_id)s = ANY(%(corporations)s::text[])
            THEN 'account:group.not_ours' END,
        CASE WHEN line_grouped THEN 'line_id:group.in_another' END
    ], NULL) AS reasons
    FROM told
),
counted AS (
    SELECT judged.*, sum(size) FILTER (WHERE reasons = '{}') OVER (ORDER BY number) AS joining FROM judged
),
full_up AS (
    SELECT number, given, CASE
        WHEN %(group_id)s::uuid IS NOT NULL AND reasons = '{}' AND joining > %(places)s
            THEN ARRAY['account:group.too_many']
        ELSE reasons END AS reasons
    FROM counted
)
SELECT number, '', to_jsonb(reasons), CASE WHEN reasons = '{}' THEN jsonb_strip_nulls(jsonb_build_object(
    'login_id', jsonb_build_array('', given ->> 'login_id'),
    'name', jsonb_build_array('', given ->> 'name'),
    'group', CASE WHEN %(group_name)s::text <> '' THEN jsonb_build_array('', %(group_name)s::text) END,
    'unit', CASE WHEN given ? 'unit' THEN jsonb_build_array('', given ->> 'unit') END
)) ELSE '{}' END
FROM full_up

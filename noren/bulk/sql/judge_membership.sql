-- Judge the rows of a job that puts accounts into a group or its units and takes them out.
-- Rerun: reads only the tables of others.
-- Rows at full scale: 100,000 against 6 million accounts, each by an index.
-- Must equal: noren.bulk.rules.judge for Operation.MEMBERSHIP.
INSERT INTO bulk_judged (number, account_id, reasons, changes)
WITH told AS (
    SELECT fact.*, fact.given ->> 'action' = 'remove' AS removes, fact.given ->> 'unit' AS wished_unit, account.state,
        account.corporation_id = ANY(%(corporations)s::text[]) AS ours,
        member.group_id IS NOT NULL AS grouped,
        coalesce(member.group_id = %(group_id)s::uuid, false) AS inside,
        coalesce(old_unit.name, '') AS unit,
        fact.given ->> 'unit' IS NULL OR unit.unit_id IS NOT NULL AS unit_known,
        EXISTS (
            SELECT FROM groups_holder AS holder
            WHERE holder.account_id = fact.account_id AND holder.role = 'representative'
                AND holder.group_id = %(group_id)s::uuid
        ) AS represents,
        coalesce(its.grouped, false) AS lines_grouped, 1 + coalesce(its.lines, 0) AS size
    FROM bulk_fact AS fact
    LEFT JOIN accounts_account AS account ON account.account_id = fact.account_id
    LEFT JOIN groups_member AS member
        ON member.kind = 'account' AND member.member_id = fact.account_id AND member.left_at IS NULL
    LEFT JOIN groups_unit AS old_unit ON old_unit.unit_id = member.unit_id
    LEFT JOIN groups_unit AS unit ON unit.group_id = %(group_id)s::uuid AND unit.name = fact.given ->> 'unit'
    LEFT JOIN LATERAL (
        SELECT count(*) AS lines, bool_or(joined.group_id IS NOT NULL) AS grouped
        FROM accounts_linked_line AS linked JOIN members_line AS line USING (line_id)
        LEFT JOIN groups_member AS joined ON joined.member_uid = line.uid AND joined.left_at IS NULL
        WHERE linked.account_id = fact.account_id AND linked.unlinked_at IS NULL
    ) AS its ON true
),
judged AS (
    SELECT told.*, CASE
        WHEN account_id IS NULL THEN ARRAY['account:account.unknown']
        WHEN earlier THEN ARRAY['account:duplicate']
        WHEN above THEN ARRAY['account:account.above']
        WHEN removes THEN CASE WHEN inside AND represents THEN ARRAY['account:group.representative'] ELSE '{}' END
        WHEN inside THEN CASE WHEN unit_known THEN '{}' ELSE ARRAY['unit:group.not_ours'] END
        ELSE array_remove(ARRAY[
            CASE WHEN state = 'abolished' THEN 'account:account.state' END,
            CASE WHEN NOT ours THEN 'account:group.not_ours' END,
            CASE WHEN grouped OR lines_grouped THEN 'account:group.in_another' END,
            CASE WHEN NOT unit_known THEN 'unit:group.not_ours' END
        ], NULL)
    END AS reasons
    FROM told
),
counted AS (
    SELECT judged.*, reasons = '{}' AND NOT removes AND NOT inside AS joins,
        sum(size) FILTER (WHERE reasons = '{}' AND NOT removes AND NOT inside) OVER (ORDER BY number) AS joining
    FROM judged
),
full_up AS (
    SELECT counted.*, joins AND joining > %(places)s AS is_too_many FROM counted
)
SELECT number, coalesce(account_id, ''),
    CASE WHEN is_too_many THEN '["account:group.too_many"]' ELSE to_jsonb(reasons) END,
    CASE
        WHEN reasons <> '{}' OR is_too_many THEN '{}'
        WHEN removes AND inside THEN jsonb_build_object('group', jsonb_build_array(%(group_name)s::text, ''))
        WHEN joins THEN jsonb_strip_nulls(jsonb_build_object(
            'group', jsonb_build_array('', %(group_name)s::text),
            'unit', CASE WHEN wished_unit IS NOT NULL THEN jsonb_build_array('', wished_unit) END
        ))
        WHEN inside AND NOT removes AND coalesce(wished_unit, unit) <> unit
            THEN jsonb_build_object('unit', jsonb_build_array(unit, wished_unit))
        ELSE '{}'
    END
FROM full_up

-- Judge the rows of a job that gives and takes roles of a group.
-- Rerun: reads only the tables of others.
-- Rows at full scale: 100,000 against 6 million accounts, each by an index.
-- Must equal: noren.bulk.rules.judge for Operation.PERMISSION.
INSERT INTO bulk_judged (number, account_id, reasons, changes)
WITH told AS (
    SELECT fact.*, fact.given ->> 'action' = 'give' AS gives, fact.given ->> 'role' AS role,
        coalesce(fact.given ->> 'unit', '') AS wished_unit, account.state,
        account.corporation_id = ANY(%(corporations)s::text[]) AS ours,
        fact.given ->> 'unit' IS NULL OR unit.unit_id IS NOT NULL AS unit_known,
        coalesce(held.holds, false) AS holds, coalesce(held.units, '') AS held_unit,
        array_position(%(roles)s::text[], fact.given ->> 'role') AS role_rank,
        coalesce(held.some, false) AS is_holder
    FROM bulk_fact AS fact
    LEFT JOIN accounts_account AS account ON account.account_id = fact.account_id
    LEFT JOIN groups_unit AS unit ON unit.group_id = %(group_id)s::uuid AND unit.name = fact.given ->> 'unit'
    LEFT JOIN LATERAL (
        SELECT true AS some, bool_or(holder.role = fact.given ->> 'role') AS holds,
            string_agg(its.name, ', ' ORDER BY its.name) FILTER (WHERE holder.role = fact.given ->> 'role') AS units
        FROM groups_holder AS holder LEFT JOIN groups_unit AS its ON its.unit_id = holder.unit_id
        WHERE holder.account_id = fact.account_id AND holder.group_id = %(group_id)s::uuid
    ) AS held ON held.holds IS NOT NULL
),
judged AS (
    SELECT told.*, CASE
        WHEN account_id IS NULL THEN ARRAY['account:account.unknown']
        WHEN earlier THEN ARRAY['account:duplicate']
        WHEN above THEN ARRAY['account:account.above']
        ELSE array_remove(ARRAY[
            CASE WHEN %(group_rank)s <= role_rank THEN 'role:role.above' END,
            CASE WHEN wished_unit <> '' AND NOT (gives AND role = ANY(%(of_units)s::text[])) THEN 'unit:role.no_unit' END,
            CASE WHEN NOT unit_known THEN 'unit:group.not_ours' END,
            CASE WHEN gives AND state = 'abolished' THEN 'account:account.state' END,
            CASE WHEN gives AND NOT ours THEN 'account:group.not_ours' END
        ], NULL)
    END AS reasons
    FROM told
),
counted AS (
    SELECT judged.*, gives AND NOT is_holder AND reasons = '{}' AS joins,
        count(*) FILTER (WHERE gives AND NOT is_holder AND reasons = '{}') OVER (ORDER BY number) AS joining
    FROM judged
),
full_up AS (
    SELECT counted.*, joins AND joining > %(holders)s AS is_too_many FROM counted
)
SELECT number, coalesce(account_id, ''),
    CASE WHEN is_too_many THEN '["account:group.too_many"]' ELSE to_jsonb(reasons) END,
    CASE
        WHEN reasons <> '{}' OR is_too_many THEN '{}'
        WHEN NOT gives AND holds THEN jsonb_build_object('role', jsonb_build_array(role, ''))
        WHEN gives THEN jsonb_strip_nulls(jsonb_build_object(
            'role', CASE WHEN NOT holds THEN jsonb_build_array('', role) END,
            'unit', CASE WHEN held_unit <> wished_unit THEN jsonb_build_array(held_unit, wished_unit) END
        ))
        ELSE '{}'
    END
FROM full_up

-- Which account each row names, as far as the asker may see it, and whether it stands above the asker.
-- Rerun: reads the tables of accounts and groups as they are.
-- Rows at full scale: 100,000 against 6 million accounts, each by an index.
-- Must equal: noren.groups.rules.may_act_on; noren.accounts.queries.named within the scope.
INSERT INTO bulk_fact (number, given, account_id, above, earlier)
WITH mine AS MATERIALIZED (
    SELECT * FROM unnest(%(places)s::text[], %(ranks)s::integer[], %(covers)s::boolean[]) AS mine (place, rank, covers)
),
named AS (
    SELECT wanted.number, account.account_id, account.corporation_id, 1 AS preference
    FROM bulk_wanted AS wanted JOIN accounts_account AS account ON account.login_key = wanted.key
    UNION ALL
    SELECT wanted.number, account.account_id, account.corporation_id, 2
    FROM bulk_wanted AS wanted JOIN accounts_account AS account ON account.account_id = wanted.name
),
seen AS (
    SELECT DISTINCT ON (named.number) named.number, named.account_id,
        coalesce(of_corporation.rank, 0) >= %(top)s AS is_ours
    FROM named
    LEFT JOIN groups_member AS member
        ON member.kind = 'account' AND member.member_id = named.account_id AND member.left_at IS NULL
    LEFT JOIN mine AS of_corporation ON of_corporation.place = 'c:' || named.corporation_id
    LEFT JOIN mine AS of_group ON of_group.place = 'g:' || member.group_id::text
    LEFT JOIN mine AS of_unit ON of_unit.place = 'u:' || member.unit_id::text
    WHERE of_corporation.covers OR of_group.covers OR of_unit.covers
    ORDER BY named.number, named.preference
)
SELECT wanted.number, wanted.given, seen.account_id,
    coalesce(NOT seen.is_ours AND EXISTS (
        SELECT FROM groups_holder AS holder LEFT JOIN groups_group AS its ON its.group_id = holder.group_id
        WHERE holder.account_id = seen.account_id AND (holder.group_id IS NULL OR its.state = 'active')
            AND NOT EXISTS (
                SELECT FROM mine
                WHERE mine.place = 'g:' || holder.group_id::text AND mine.rank >= %(touching)s
                    AND mine.rank > array_position(%(roles)s::text[], holder.role)
            )
    ), false),
    seen.account_id IS NOT NULL
        AND wanted.number > min(wanted.number) OVER (PARTITION BY seen.account_id)
FROM bulk_wanted AS wanted LEFT JOIN seen USING (number)

-- The roles that accounts hold and where, with the groups of a corporation that an administrator has all of.
-- Rerun: reads only.
-- Rows at full scale: a handful for each account.
-- Must equal: noren.groups.rules.Held.
SELECT holder.account_id, holder.role, coalesce(holder.corporation_id, ''), coalesce(holder.group_id::text, ''),
    coalesce(array_agg(holder.unit_id::text) FILTER (WHERE holder.unit_id IS NOT NULL), '{}')
FROM groups_holder AS holder
LEFT JOIN groups_group AS its ON its.group_id = holder.group_id
WHERE holder.account_id = ANY(%(account_ids)s::text[]) AND (holder.group_id IS NULL OR its.state = 'active')
GROUP BY holder.account_id, holder.role, holder.corporation_id, holder.group_id
UNION ALL
SELECT holder.account_id, holder.role, '', led.group_id::text, '{}'
FROM groups_holder AS holder JOIN groups_group AS led ON led.corporation_id = holder.corporation_id
WHERE holder.account_id = ANY(%(account_ids)s::text[]) AND led.state = 'active'
ORDER BY 1, 2, 3, 4

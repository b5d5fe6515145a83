-- For each of these accounts the places whose policies apply to it, by their names in order.
-- Rerun: reads only.
-- Rows at full scale: up to some 100,000 accounts, by index; a handful of places for each.
-- Must equal: place_accounts.sql, which looks from the place.
WITH asked AS (
    SELECT account_id, corporation_id FROM accounts_account WHERE account_id = ANY(%(account_ids)s::text[])
),
within AS (
    SELECT asked.account_id, policy.place
    FROM asked JOIN groups_policy AS policy ON policy.corporation_id = asked.corporation_id
    UNION
    SELECT asked.account_id, policy.place
    FROM asked JOIN groups_member AS member
        ON member.kind = 'account' AND member.member_id = asked.account_id AND member.left_at IS NULL
    JOIN groups_policy AS policy ON policy.group_id = member.group_id
    UNION
    SELECT asked.account_id, policy.place
    FROM asked JOIN groups_holder AS holder ON holder.account_id = asked.account_id
    JOIN groups_policy AS policy ON policy.group_id = holder.group_id
)
SELECT asked.account_id, coalesce(array_agg(place ORDER BY place) FILTER (WHERE place IS NOT NULL), '{}')
FROM asked LEFT JOIN within USING (account_id)
GROUP BY asked.account_id

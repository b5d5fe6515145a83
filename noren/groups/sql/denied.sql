-- Whether a place that applies to an account denies a partner service.
-- Rerun: reads only.
-- Rows at full scale: one; a handful of places, by index.
-- Must equal: places.sql, also for places without a policy.
SELECT EXISTS (
    SELECT FROM groups_denied_service
    WHERE client_id = %(client_id)s AND place IN (
        SELECT 'corporation:' || corporation_id FROM accounts_account WHERE account_id = %(account_id)s
        UNION ALL
        SELECT 'group:' || group_id FROM groups_member
        WHERE kind = 'account' AND member_id = %(account_id)s AND left_at IS NULL
        UNION ALL
        SELECT 'group:' || group_id FROM groups_holder WHERE account_id = %(account_id)s AND group_id IS NOT NULL
    )
)

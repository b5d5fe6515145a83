-- What the dashboard counts of the accounts within a scope.
-- Rerun: reads only.
-- Rows at full scale: one; read are the accounts of the scope.
-- Must equal: the counts of the same searches of directory.sql.
SELECT
    count(*) FILTER (WHERE state = 'invited'),
    count(*) FILTER (WHERE state = 'active'),
    count(*) FILTER (WHERE state = 'locked'),
    count(*) FILTER (WHERE state = 'abolished'),
    count(*) FILTER (WHERE kind = 'line_linked' AND state <> 'abolished'),
    count(*) FILTER (WHERE kind = 'carrier_free' AND state <> 'abolished'),
    count(*) FILTER (WHERE strong.passkey AND state <> 'abolished'),
    count(*) FILTER (WHERE NOT strong.passkey AND state <> 'abolished'),
    count(*) FILTER (WHERE strong.passkey IS NULL AND state <> 'abolished'),
    count(*) FILTER (
        WHERE state <> 'abolished' AND coalesce(last_used_at, issued_at) < %(unused_since)s::timestamptz
    )
FROM accounts_account AS account
LEFT JOIN (
    SELECT user_id AS account_id, bool_or(type = 'webauthn') AS passkey
    FROM mfa_authenticator JOIN accounts_account AS account ON account.account_id = user_id
    WHERE type IN ('webauthn', 'totp')
--: corporations
        AND account.corporation_id = ANY(%(corporations)s::text[])
--.
--: groups
        AND account.account_id IN (
        SELECT member_id FROM groups_member
        WHERE kind = 'account' AND left_at IS NULL
            AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
    )
--.
--: both
        AND account.account_id IN (
        SELECT account_id FROM accounts_account WHERE corporation_id = ANY(%(corporations)s::text[])
        UNION
        SELECT member_id FROM groups_member
        WHERE kind = 'account' AND left_at IS NULL
            AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
    )
--.
    GROUP BY user_id
) AS strong USING (account_id)
WHERE true
--: corporations
    AND account.corporation_id = ANY(%(corporations)s::text[])
--.
--: groups
    AND account.account_id IN (
        SELECT member_id FROM groups_member
        WHERE kind = 'account' AND left_at IS NULL
            AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
    )
--.
--: both
    AND account.account_id IN (
        SELECT account_id FROM accounts_account WHERE corporation_id = ANY(%(corporations)s::text[])
        UNION
        SELECT member_id FROM groups_member
        WHERE kind = 'account' AND left_at IS NULL
            AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
    )
--.

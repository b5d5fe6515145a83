-- What the dashboard counts of the accounts within a scope.
-- Rerun: reads only.
-- Rows at full scale: one; read are the accounts of the scope.
-- Must equal: the counts of the same searches of directory.sql.
WITH within AS (
    SELECT account_id FROM accounts_account WHERE corporation_id = ANY(%(corporations)s::text[])
    UNION
    SELECT member_id FROM groups_member
    WHERE kind = 'account' AND left_at IS NULL
        AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
),
strong AS (
    SELECT user_id AS account_id, bool_or(type = 'webauthn') AS passkey
    FROM mfa_authenticator
    WHERE type IN ('webauthn', 'totp') AND user_id IN (SELECT account_id FROM within)
    GROUP BY user_id
)
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
FROM within
JOIN accounts_account AS account USING (account_id)
LEFT JOIN strong USING (account_id)

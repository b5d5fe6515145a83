-- Revoke what partners hold for an account, or for one sign-in of it, and tell which partners to call.
-- Rerun: nothing is left, no row.
-- Rows at full scale: the account's grants that live, by index.
-- Must equal: OpenID Back-Channel Logout 2.7: offline access outlives a sign-out, not an account's epoch.
WITH ended AS (
    UPDATE sso_grant g SET revoked_at = %(now)s
    WHERE g.account_id = %(account_id)s AND g.revoked_at IS NULL
        AND (%(sid)s::uuid IS NULL
            OR (g.sid = %(sid)s::uuid AND ' ' || g.scope || ' ' NOT LIKE '%% offline_access %%'))
        AND (%(client_id)s = '' OR g.client_id = %(client_id)s)
    RETURNING g.client_id, g.sid, g.subject
),
called AS (
    SELECT client_id, sid, subject FROM ended
    UNION
    SELECT client_id, sid, subject FROM sso_grant
    WHERE sid = %(sid)s::uuid AND account_id = %(account_id)s AND revoked_at IS NULL AND %(client_id)s = ''
)
SELECT DISTINCT c.client_id, c.backchannel_logout_uri, called.sid, called.subject
FROM called JOIN sso_client c USING (client_id)
WHERE c.backchannel_logout_uri <> ''

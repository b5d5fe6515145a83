-- Revoke what partners hold for many accounts, and tell which partners to call.
-- Rerun: nothing is left, no row.
-- Rows at full scale: the grants of some thousand accounts, by index.
-- Must equal: end.sql for each of the accounts, without a sign-in or a partner.
WITH ended AS (
    UPDATE sso_grant AS given SET revoked_at = %(now)s
    WHERE given.account_id = ANY(%(account_ids)s::text[]) AND given.revoked_at IS NULL
    RETURNING given.client_id, given.sid, given.subject
)
SELECT DISTINCT client.client_id, client.backchannel_logout_uri, ended.sid, ended.subject
FROM ended JOIN sso_client AS client USING (client_id)
WHERE client.backchannel_logout_uri <> ''

-- A client that asks, and the grant of the token it asks about.
-- Rerun: reads only.
-- Rows at full scale: one, by primary keys.
-- Must equal: RFC 7662 2.2; no row = the client is not who it says. `held`: the partner that has it is in use.
SELECT c.introspects_all, g.client_id, g.subject, g.scope, g.refresh_hash, g.handle_hash, g.refresh_expires_at, g.jkt,
    g.auth_time, g.acr, g.sid,
    g.revoked_at IS NULL AND EXISTS (SELECT FROM accounts_account a WHERE a.account_id = g.account_id AND a.state = 'active' AND a.epoch = g.epoch
    AND (a.policy_id IS NULL OR accounts_policy_allows(
        a.policy_id, a.account_id, g.methods, coalesce(g.began_at, g.made_at), g.sid, %(now)s))
    AND (g.sid IS NULL OR ' ' || g.scope || ' ' LIKE '%% offline_access %%'
         OR EXISTS (SELECT FROM accounts_session s WHERE s.sid = g.sid AND s.expire_date > %(now)s))) AS alive,
    EXISTS (
        SELECT FROM sso_client h WHERE h.client_id = coalesce(g.client_id, %(holder)s) AND h.disabled_at IS NULL
    ) AS held,
    EXISTS (SELECT FROM sso_seen WHERE digest = %(revoked)s) AS revoked
FROM sso_client c LEFT JOIN sso_grant g ON g.grant_id = %(grant_id)s
WHERE c.client_id = %(client_id)s AND c.auth_method = %(auth)s AND c.secret_hash = %(secret_hash)s AND c.disabled_at IS NULL

-- Rotate a refresh token: the newest is replaced; an older one of the same grant revokes the grant. The key that is
-- proven is the tokens' key from now on. More scope than the grant has (not `fits`) changes nothing.
-- Rerun: counts as a replay. Rows locked: the grant's one.
-- Rows at full scale: one, by primary key; heap-only, no index is on what changes.
-- Must equal: OAuth 2.1 4.3.1, RFC 9449 5; no row = no such token for this client.
UPDATE sso_grant g
SET refresh_hash = CASE WHEN g.refresh_hash = %(old_hash)s AND s.fits THEN %(new_hash)s ELSE g.refresh_hash END,
    refresh_expires_at = CASE WHEN g.refresh_hash = %(old_hash)s AND s.fits THEN %(refresh_expires_at)s
        ELSE g.refresh_expires_at END,
    jkt = CASE WHEN g.refresh_hash = %(old_hash)s AND s.fits THEN %(jkt)s ELSE g.jkt END,
    revoked_at = CASE WHEN g.refresh_hash = %(old_hash)s THEN g.revoked_at ELSE coalesce(g.revoked_at, %(now)s) END
FROM sso_client c, accounts_account a, (
    SELECT grant_id, string_to_array(%(scope)s, ' ') <@ string_to_array(scope, ' ') AS fits
    FROM sso_grant WHERE grant_id = %(grant_id)s
) s
WHERE g.grant_id = s.grant_id AND g.handle_hash = %(handle_hash)s AND g.handle_hash <> ''
    AND g.client_id = c.client_id AND c.client_id = %(client_id)s AND c.auth_method = %(auth)s AND c.secret_hash = %(secret_hash)s AND c.disabled_at IS NULL
    AND c.grant_types ? 'refresh_token'
    AND (g.jkt = '' OR g.jkt = %(jkt)s OR (c.auth_method <> 'none' AND %(jkt)s <> '' AND NOT c.require_dpop))
    AND (g.refresh_hash <> %(old_hash)s OR (g.revoked_at IS NULL AND g.refresh_expires_at > %(now)s))
    AND a.account_id = g.account_id AND a.state = 'active' AND a.epoch = g.epoch
    AND (a.policy_id IS NULL OR accounts_policy_allows(
        a.policy_id, a.account_id, g.methods, coalesce(g.began_at, g.made_at), g.sid, %(now)s))
    AND (g.sid IS NULL OR ' ' || g.scope || ' ' LIKE '%% offline_access %%'
         OR EXISTS (SELECT FROM accounts_session s WHERE s.sid = g.sid AND s.expire_date > %(now)s))
RETURNING s.fits, g.refresh_hash = %(new_hash)s AS given, g.grant_id, g.client_id, g.account_id, g.sid, g.scope, g.claims,
    g.subject, g.auth_time, g.acr, g.amr, g.nonce, g.jkt, c.id_token_alg, true AS refreshes

-- Redeem an authorisation code: the first use gives (unless the grant ended), a later one revokes all that it gave.
-- Rerun: counts as a replay. Rows locked: the grant's one; concurrent redemptions count up one after the other.
-- Rows at full scale: one, by primary key.
-- Must equal: OAuth 2.1 4.1.3, RFC 7636 4.6; no row = no such code for this client.
UPDATE sso_grant g
SET code_uses = least(g.code_uses + 1, 1000),
    revoked_at = CASE WHEN g.code_uses > 0 THEN coalesce(g.revoked_at, %(now)s) ELSE g.revoked_at END,
    jkt = CASE WHEN g.code_uses = 0 AND g.jkt = '' THEN %(jkt)s ELSE g.jkt END,
    handle_hash = CASE WHEN g.code_uses = 0 THEN %(handle_hash)s ELSE g.handle_hash END,
    refresh_hash = CASE WHEN g.code_uses = 0 THEN %(refresh_hash)s ELSE g.refresh_hash END,
    refresh_expires_at = CASE WHEN g.code_uses = 0 THEN %(refresh_expires_at)s ELSE g.refresh_expires_at END
FROM sso_client c, accounts_account a
WHERE g.grant_id = %(grant_id)s AND g.code_hash = %(code_hash)s
    AND g.client_id = c.client_id AND c.client_id = %(client_id)s AND c.auth_method = %(auth)s AND c.secret_hash = %(secret_hash)s AND c.disabled_at IS NULL
    AND c.grant_types ? 'authorization_code'
    AND g.redirect_uri = %(redirect_uri)s AND g.challenge = %(challenge)s
    AND (g.jkt = '' OR g.jkt = %(jkt)s) AND (NOT c.require_dpop OR %(jkt)s <> '')
    AND (g.code_uses > 0 OR g.code_expires_at > %(now)s)
    AND a.account_id = g.account_id AND a.state = 'active' AND a.epoch = g.epoch
    AND (a.policy_id IS NULL OR accounts_policy_allows(
        a.policy_id, a.account_id, g.methods, coalesce(g.began_at, g.made_at), g.sid, %(now)s))
    AND (g.sid IS NULL OR ' ' || g.scope || ' ' LIKE '%% offline_access %%'
         OR EXISTS (SELECT FROM accounts_session s WHERE s.sid = g.sid AND s.expire_date > %(now)s))
RETURNING g.code_uses = 1 AND g.revoked_at IS NULL AS given, g.grant_id, g.client_id, g.account_id, g.sid, g.scope, g.claims, g.subject,
    g.auth_time, g.acr, g.amr, g.nonce, g.jkt, c.id_token_alg, c.grant_types ? 'refresh_token' AS refreshes

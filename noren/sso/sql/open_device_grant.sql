-- Give the refresh token of a grant that a device was allowed.
-- Rerun: no row, the grant has one. Rows locked: the grant's one.
-- Rows at full scale: one, by primary key.
-- Must equal: the returned columns of redeem_code.sql.
UPDATE sso_grant g
SET code_uses = 1, jkt = %(jkt)s, handle_hash = %(handle_hash)s, refresh_hash = %(refresh_hash)s,
    refresh_expires_at = %(refresh_expires_at)s
FROM sso_client c, accounts_account a
WHERE g.grant_id = %(grant_id)s AND g.code_uses = 0 AND g.revoked_at IS NULL AND c.client_id = g.client_id
    AND a.account_id = g.account_id AND a.state = 'active' AND a.epoch = g.epoch
    AND (g.sid IS NULL OR ' ' || g.scope || ' ' LIKE '%% offline_access %%'
         OR EXISTS (SELECT FROM accounts_session s WHERE s.sid = g.sid AND s.expire_date > %(now)s))
RETURNING true AS given, g.grant_id, g.client_id, g.account_id, g.sid, g.scope, g.claims, g.subject, g.auth_time,
    g.acr, g.amr, g.nonce, g.jkt, c.id_token_alg, c.grant_types ? 'refresh_token' AS refreshes

-- Ask for what a device waits for: pending, denied, expired, or its grant and the refresh token of it, once.
-- Rerun: after the grant was given, nothing more. Rows locked: the device's one, then the grant's one. The grant is the
-- one that was there when the statement began, so that a device that waited for its person's yes asks again.
-- Rows at full scale: one of each, by primary key.
-- Must equal: RFC 8628 3.4 and 3.5, the returned columns of redeem_code.sql; no row = no such device code.
WITH device AS (
    UPDATE sso_device d
    SET uses = CASE WHEN before.grant_id IS NOT NULL THEN least(d.uses + 1, 1000) ELSE d.uses END, polled_at = %(now)s
    FROM sso_client c, (
        SELECT device_hash, polled_at, grant_id FROM sso_device WHERE device_hash = %(device_hash)s
    ) before
    WHERE d.device_hash = before.device_hash AND d.client_id = c.client_id AND c.client_id = %(client_id)s AND c.auth_method = %(auth)s AND c.secret_hash = %(secret_hash)s AND c.disabled_at IS NULL
        AND (NOT c.require_dpop OR %(jkt)s <> '')
    RETURNING before.grant_id, d.uses = 1 AS first, d.denied_at IS NOT NULL AS denied, d.expires_at <= %(now)s AS expired,
        before.polled_at > %(now)s - %(pause)s AS too_fast, c.id_token_alg, c.grant_types
),
opened AS (
    UPDATE sso_grant g
    SET code_uses = 1, jkt = %(jkt)s, handle_hash = %(handle_hash)s, refresh_hash = %(refresh_hash)s,
        refresh_expires_at = %(refresh_expires_at)s
    FROM device, accounts_account a
    WHERE g.grant_id = device.grant_id AND device.first AND NOT device.denied AND NOT device.expired
        AND g.code_uses = 0 AND g.revoked_at IS NULL
        AND a.account_id = g.account_id AND a.state = 'active' AND a.epoch = g.epoch
        AND (a.policy_id IS NULL OR accounts_policy_allows(
            a.policy_id, a.account_id, g.methods, coalesce(g.began_at, g.made_at), g.sid, %(now)s))
        AND (g.sid IS NULL OR ' ' || g.scope || ' ' LIKE '%% offline_access %%'
             OR EXISTS (SELECT FROM accounts_session s WHERE s.sid = g.sid AND s.expire_date > %(now)s))
    RETURNING true AS given, g.grant_id, g.client_id, g.account_id, g.sid, g.scope, g.claims, g.subject, g.auth_time,
        g.acr, g.amr, g.nonce, g.jkt
)
SELECT device.denied, device.expired, device.grant_id IS NOT NULL AS allowed, device.too_fast, opened.*,
    device.id_token_alg, device.grant_types ? 'refresh_token' AS refreshes
FROM device LEFT JOIN opened ON true

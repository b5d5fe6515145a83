-- Ask for what a device waits for: pending, denied, expired, or its grant, once.
-- Rerun: after the grant was given, nothing more. Rows locked: the device's one.
-- Rows at full scale: one, by primary key.
-- Must equal: RFC 8628 3.4 and 3.5; no row = no such device code for this client.
UPDATE sso_device d
SET uses = CASE WHEN d.grant_id IS NOT NULL THEN least(d.uses + 1, 1000) ELSE d.uses END, polled_at = %(now)s
FROM sso_client c, (SELECT device_hash, polled_at FROM sso_device WHERE device_hash = %(device_hash)s) before
WHERE d.device_hash = before.device_hash AND d.client_id = c.client_id AND c.client_id = %(client_id)s AND c.auth_method = %(auth)s AND c.secret_hash = %(secret_hash)s AND c.disabled_at IS NULL
    AND (NOT c.require_dpop OR %(jkt)s <> '')
RETURNING d.grant_id, d.uses = 1 AS given, d.denied_at IS NOT NULL AS denied, d.expires_at <= %(now)s AS expired,
    before.polled_at > %(now)s - %(pause)s AS too_fast

-- Keep the answer to a partner's call under its key.
-- Rerun: harmless. Rows locked: the one, which begin_call.sql holds already.
-- Rows at full scale: one, by primary key; heap-only, no index is on what changes.
-- Must equal: the answer that was sent.
UPDATE sso_call SET status = %(status)s, body = %(body)s WHERE client_id = %(client_id)s AND key_hash = %(key_hash)s

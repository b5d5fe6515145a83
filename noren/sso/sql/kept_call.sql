-- What is kept under the key of a partner's call.
-- Rerun: reads only.
-- Rows at full scale: one, by primary key.
-- Must equal: what end_call.sql has written.
SELECT asked_hash, status, body FROM sso_call WHERE client_id = %(client_id)s AND key_hash = %(key_hash)s

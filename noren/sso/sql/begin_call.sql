-- Hold the key of a partner's call, until the transaction ends.
-- Rerun: 0 rows; waits for whoever holds the key. Rows locked: the one.
-- Rows at full scale: one for each call of the last day.
-- Must equal: nothing; 0 rows = the key was used before.
INSERT INTO sso_call (client_id, key_hash, asked_hash, status, body, made_at)
VALUES (%(client_id)s, %(key_hash)s, %(asked_hash)s, 0, '', %(now)s)
ON CONFLICT (client_id, key_hash) DO NOTHING

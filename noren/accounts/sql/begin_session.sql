-- A session's first row.
-- Rerun: 0 rows: the key is taken.
-- Rows at full scale: one, by primary key.
-- Must equal: django.contrib.sessions: save(must_create=True).
INSERT INTO accounts_session (session_key, session_data, expire_date, account_id, sid, started_at, seen_at, address, agent,
    auth_hash)
VALUES (%(key_hash)s, %(data)s, %(expire_date)s, %(account_id)s, %(sid)s, %(started_at)s, %(seen_at)s, %(address)s,
    %(agent)s, %(auth_hash)s)
ON CONFLICT DO NOTHING

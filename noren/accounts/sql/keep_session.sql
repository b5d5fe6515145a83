-- What a session holds now.
-- Rerun: harmless.
-- Rows at full scale: one, by primary key.
-- Must equal: django.contrib.sessions: save(); 0 rows = the session was ended meanwhile, and stays so.
UPDATE accounts_session
SET session_data = %(data)s, expire_date = %(expire_date)s, account_id = %(account_id)s, sid = %(sid)s,
    started_at = %(started_at)s, seen_at = %(seen_at)s, address = %(address)s, agent = %(agent)s,
    auth_hash = %(auth_hash)s
WHERE session_key = %(key_hash)s

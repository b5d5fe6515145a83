-- What a session holds, by the hash of its cookie.
-- Rerun: reads only.
-- Rows at full scale: one, by primary key.
-- Must equal: django.contrib.sessions: an expired session is none.
SELECT session_data FROM accounts_session
WHERE session_key = %(key_hash)s AND expire_date > statement_timestamp()

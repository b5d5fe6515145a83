-- Note something that may count once.
-- Rerun: nothing is added, 0 rows: it was seen before.
-- Rows at full scale: one, by primary key.
-- Must equal: RFC 7523 3 (7), RFC 9449 11.1.
INSERT INTO sso_seen (digest, expires_at) VALUES (%(digest)s, %(expires_at)s) ON CONFLICT DO NOTHING

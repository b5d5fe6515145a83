-- Note what may count once; gives what is new.
-- Rerun: nothing is added, no row: all of it was seen before. Two requests with the same wait, and never deadlock: the
-- assertion comes before the proof.
-- Rows at full scale: one or two, by primary key.
-- Must equal: RFC 7523 3 (7), RFC 9449 11.1.
INSERT INTO sso_seen (digest, expires_at)
SELECT digest, expires_at FROM unnest(%(digests)s::text[], %(ends)s::timestamptz[]) AS mark (digest, expires_at)
ON CONFLICT DO NOTHING
RETURNING digest

-- Links of the chain, sent by the client.
-- Rerun: refused, a number and a row are linked once.
-- Rows at full scale: 5,000 at a time.
-- Must equal: noren.audit.rules.link_hash, link by link.
COPY audit_link (number, record_id, hash) FROM STDIN

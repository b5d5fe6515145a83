-- Take a pushed authorisation request; it can be taken once.
-- Rerun: the count goes up, the first answer is not given again. Rows locked: one.
-- Rows at full scale: one, by primary key.
-- Must equal: RFC 9126 4 and 7.3; no row = no such request for this client, or too late.
UPDATE sso_pushed SET uses = least(uses + 1, 1000)
WHERE uri_hash = %(uri_hash)s AND client_id = %(client_id)s AND expires_at > %(now)s
RETURNING uses = 1 AS given, params

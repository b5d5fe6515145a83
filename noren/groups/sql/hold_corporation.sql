-- Let nobody issue an account to the corporation or move one to it until the transaction ends.
-- Rerun: harmless.
-- Rows at full scale: one, by primary key.
-- Must equal: nothing; it only waits. No row: there is no such corporation.
SELECT corporation_id FROM members_corporation WHERE corporation_id = %(corporation_id)s FOR UPDATE

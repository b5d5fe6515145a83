-- The ids of all corporations, for the check of what refers to them.
-- Rerun: reads only.
-- Rows at full scale: 12 million.
-- Must equal: the table.
COPY (SELECT corporation_id FROM members_corporation) TO STDOUT (FORMAT csv, FORCE_QUOTE (corporation_id))

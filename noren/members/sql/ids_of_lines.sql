-- The ids of all lines, for the check of what refers to them.
-- Rerun: reads only.
-- Rows at full scale: 12 million.
-- Must equal: the table.
COPY (SELECT line_id FROM members_line) TO STDOUT (FORMAT csv, FORCE_QUOTE (line_id))

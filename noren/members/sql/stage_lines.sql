-- A table of this transaction for the rows of a lines file.
-- Rerun: a new table every time.
-- Rows at full scale: 12 million.
-- Must equal: docs/files.md.
CREATE TEMPORARY TABLE staged_lines (
    line_id text,
    corporation_id text,
    phone_number text,
    service text,
    opened_on date,
    closed_on date,
    joined_on date,
    withdrawn_on date
) ON COMMIT DROP

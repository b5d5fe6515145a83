-- A table of this transaction for the rows of a corporations file.
-- Rerun: a new table every time.
-- Rows at full scale: 1 million.
-- Must equal: docs/files.md.
CREATE TEMPORARY TABLE staged_corporations (
    corporation_id text,
    corporate_number text,
    name text,
    name_kana text,
    kind text
) ON COMMIT DROP

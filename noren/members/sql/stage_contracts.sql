-- A table of this transaction for the rows of a contracts file.
-- Rerun: a new table every time.
-- Rows at full scale: 5 million.
-- Must equal: docs/files.md.
CREATE TEMPORARY TABLE staged_contracts (
    contract_id text,
    corporation_id text,
    line_id text,
    account_id text,
    solution text,
    started_on date,
    ended_on date
) ON COMMIT DROP

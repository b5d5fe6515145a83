-- The rows of a contracts file into their table of this transaction.
-- Rerun: with the table.
-- Rows at full scale: 5 million.
-- Must equal: docs/files.md.
COPY staged_contracts FROM STDIN (FORMAT csv)

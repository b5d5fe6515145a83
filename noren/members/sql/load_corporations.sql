-- The rows of a corporations file into their table of this transaction.
-- Rerun: with the table.
-- Rows at full scale: 1 million.
-- Must equal: docs/files.md.
COPY staged_corporations FROM STDIN (FORMAT csv, FORCE_NOT_NULL (corporate_number, name, name_kana))

-- The rows of a lines file into their table of this transaction.
-- Rerun: with the table.
-- Rows at full scale: 12 million.
-- Must equal: docs/files.md.
COPY staged_lines FROM STDIN (FORMAT csv, FORCE_NOT_NULL (phone_number))

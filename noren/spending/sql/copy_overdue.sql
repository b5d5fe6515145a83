-- Whose bills are overdue.
-- Rerun: into the emptied table, in one transaction.
-- Rows at full scale: some thousand.
-- Must equal: the good rows of the file.
COPY spending_overdue (kind, id) FROM STDIN WITH (FORMAT csv)

-- What a slice of standing allocations got.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 20 thousand.
-- Must equal: the file.
COPY spending_reserved (standing_id, points, first_line, lines) FROM STDIN WITH (FORMAT csv)

-- What a slice of standing allocations wished.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 20 thousand.
-- Must equal: the file.
COPY spending_wished (standing_id, wallet_id, place, points) FROM STDIN WITH (FORMAT csv)

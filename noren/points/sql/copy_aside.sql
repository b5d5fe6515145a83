-- Take in the members of pools: what a close gives them is posted pool by pool.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 100 thousand in a slice.
-- Must equal: the file.
COPY points_aside (wallet_id) FROM STDIN (FORMAT csv)

-- Take in the members of a slice whom pools concern: what the month should have given each, and its pool now.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: the file.
COPY points_earner (wallet_id, owner_kind, owner_id, points, pool_id, pool_owner_id) FROM STDIN (FORMAT csv)

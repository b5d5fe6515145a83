-- Take in what the wallets of a slice should have for a usage month.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: the file.
COPY points_target (wallet_id, owner_kind, owner_id, points) FROM STDIN (FORMAT csv)

-- Take in what the wallets of a slice should have for a usage month that has given them nothing yet.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: the file.
COPY points_delta (wallet_id, owner_kind, owner_id, points) FROM STDIN (FORMAT csv)

-- Take in the wallets whose points lapse whatever their last day.
-- Rerun: into an empty scratch table.
-- Rows at full scale: some hundred thousand.
-- Must equal: the file.
COPY points_ended (wallet_id) FROM STDIN (FORMAT csv)

-- What is wished, from the caller's file.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 20 thousand.
-- Must equal: noren.points.actions.waiting.reserve_slice, `wishes`.
COPY points_wish (item_id, wallet_id, place, points) FROM STDIN WITH (FORMAT csv)

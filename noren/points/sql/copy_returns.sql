-- What is given back, from the caller's file.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 20 thousand.
-- Must equal: noren.points.actions.waiting.return_slice, `returns`.
COPY points_return (
    wallet_id, natural_key, posting_id, reversed, effective_on, first_line, lines, before, points
) FROM STDIN WITH (FORMAT csv)

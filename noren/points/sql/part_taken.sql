-- What is taken from each lot, all parts together.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 20 thousand.
-- Must equal: the parts.
INSERT INTO points_taken (wallet_id, line, kind, uses, lapses_on, points)
SELECT wallet_id, 0, kind, uses, lapses_on, sum(points)::bigint FROM points_part
GROUP BY wallet_id, kind, uses, lapses_on

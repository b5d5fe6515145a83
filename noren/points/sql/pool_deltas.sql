-- The change of each wallet, from the shares of the members whose points go up, or down, in it.
-- Rerun: into an empty scratch table.
-- Rows at full scale: some thousand.
-- Must equal: the sums of the shares of that sign.
INSERT INTO points_delta (wallet_id, owner_kind, owner_id, points)
SELECT place_id, '', '', sum(points)
FROM points_share
WHERE sign(points) = %(sign)s
GROUP BY place_id

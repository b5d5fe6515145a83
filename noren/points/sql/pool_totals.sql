-- For how many members of the slice something changes, by how many points up and down.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: noren.points.actions.slices.SlicePosted.
SELECT
    count(DISTINCT wallet_id),
    coalesce(sum(points) FILTER (WHERE points > 0), 0)::bigint,
    coalesce(-sum(points) FILTER (WHERE points < 0), 0)::bigint
FROM points_share

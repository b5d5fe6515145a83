-- How many wallets of the slice change, by how many points up and down, and how many are in no such slice.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: noren.points.actions.batch.SlicePosted.
SELECT
    count(*),
    coalesce(sum(points) FILTER (WHERE points > 0), 0)::bigint,
    coalesce(-sum(points) FILTER (WHERE points < 0), 0)::bigint,
    count(*) FILTER (WHERE wallet_id < %(lower)s OR wallet_id >= %(upper)s::uuid)
FROM points_delta

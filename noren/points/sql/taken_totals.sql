-- How many lots points are taken from, and how many points.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: noren.points.actions.batch.SliceExpired.
SELECT count(*), coalesce(sum(points), 0)::bigint FROM points_taken

-- What is to be posted for each wallet of a slice: its target, less what the usage month gave it already.
-- Rerun: after posting every delta is 0, so no row is left.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: target - posted, for every wallet with either.
INSERT INTO points_delta (wallet_id, owner_kind, owner_id, points)
SELECT
    wallet_id,
    coalesce(target.owner_kind, ''),
    coalesce(target.owner_id, ''),
    coalesce(target.points, 0) - coalesce(posted.points, 0)
FROM points_target AS target
FULL JOIN (
    SELECT wallet_id, sum(points)::bigint AS points
    FROM points_entry
    WHERE usage_month = %(usage_month)s AND effective_on = ANY (%(days)s::date[])
        AND movement IN ('grant', 'correct')
        AND wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet_id < %(upper)s::uuid)
    GROUP BY wallet_id
) AS posted USING (wallet_id)
WHERE coalesce(target.points, 0) <> coalesce(posted.points, 0)
ORDER BY wallet_id

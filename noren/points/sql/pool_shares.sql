-- What is to be posted for each member whom pools concern, and in which wallet: its target, less what the month has
-- given it in its own wallet and in pools. More goes home; less is taken back from the pools to which the month was
-- posted, then from those to which the member brought it, the rest at home.
-- Rerun: after posting every difference is 0, so no row is left.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: noren.points.rules.settle, for every member.
INSERT INTO points_share (place_id, wallet_id, points)
WITH own AS (
    SELECT wallet_id, sum(entry.points) AS points
    FROM points_earner JOIN points_entry AS entry USING (wallet_id)
    WHERE entry.usage_month = %(usage_month)s AND entry.effective_on = ANY (%(days)s::date[])
        AND entry.movement IN ('grant', 'correct')
    GROUP BY wallet_id
),
pooled AS (
    SELECT
        earner.wallet_id, origin.wallet_id AS place_id,
        coalesce(sum(origin.points) FILTER (WHERE origin.movement <> 'transfer'), 0) AS posted,
        coalesce(sum(origin.points) FILTER (WHERE origin.movement = 'transfer'), 0) AS brought
    FROM points_earner AS earner
    JOIN points_origin AS origin
        ON origin.origin_wallet_id = earner.wallet_id AND origin.earned_by = earner.wallet_id
        AND origin.usage_month = %(usage_month)s
    JOIN points_wallet AS pool ON pool.wallet_id = origin.wallet_id AND pool.owner_kind = 'group'
    GROUP BY earner.wallet_id, origin.wallet_id
),
change AS (
    SELECT
        wallet_id, coalesce(earner.pool_id, wallet_id) AS home_id,
        earner.points - coalesce(own.points, 0) - coalesce(elsewhere.points, 0) AS points
    FROM points_earner AS earner
    LEFT JOIN own USING (wallet_id)
    LEFT JOIN (
        SELECT wallet_id, sum(posted) AS points FROM pooled GROUP BY wallet_id
    ) AS elsewhere USING (wallet_id)
),
places AS (
    SELECT wallet_id, place_id, 0 AS turn, greatest(posted, 0) AS points FROM pooled
    UNION ALL
    SELECT wallet_id, place_id, 1, greatest(posted + brought, 0) - greatest(posted, 0) FROM pooled
),
queued AS (
    SELECT
        wallet_id, places.place_id, places.points, -change.points AS owed,
        sum(places.points) OVER (PARTITION BY wallet_id ORDER BY turn, places.place_id) - places.points AS before
    FROM change JOIN places USING (wallet_id)
    WHERE change.points < 0
),
shares AS (
    SELECT home_id AS place_id, wallet_id, points FROM change WHERE points > 0
    UNION ALL
    SELECT place_id, wallet_id, -least(points, owed - before) FROM queued WHERE before < owed
    UNION ALL
    SELECT home_id, wallet_id, change.points + coalesce(held.points, 0)
    FROM change
    LEFT JOIN (SELECT wallet_id, sum(points) AS points FROM queued GROUP BY wallet_id) AS held USING (wallet_id)
    WHERE change.points + coalesce(held.points, 0) < 0
)
SELECT place_id, wallet_id, sum(points)
FROM shares
GROUP BY place_id, wallet_id
HAVING sum(points) <> 0

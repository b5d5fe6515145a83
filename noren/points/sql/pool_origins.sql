-- From whom the points of a pool came, by the wallet through which they came, who earned them, and usage month.
-- Rerun: reads only. A page begins after the row where the one before ended.
-- Rows at full scale: a page, from 200 thousand a month for the largest pool.
-- Must equal: the origins of the pool.
SELECT
    origin_wallet_id, earned_by, usage_month,
    coalesce(sum(points) FILTER (WHERE movement = 'transfer'), 0)::bigint,
    coalesce(sum(points) FILTER (WHERE movement <> 'transfer'), 0)::bigint
FROM points_origin
WHERE wallet_id = %(wallet_id)s
    AND (%(origins)s::uuid[] IS NULL OR origin_wallet_id = ANY (%(origins)s::uuid[]))
    AND (
        %(origin)s::uuid IS NULL
        OR (origin_wallet_id, earned_by, coalesce(usage_month, '9999-12-31'))
        > (%(origin)s::uuid, %(earned_by)s::uuid, %(month)s::date)
    )
GROUP BY origin_wallet_id, earned_by, usage_month
ORDER BY origin_wallet_id, earned_by, usage_month NULLS LAST
LIMIT %(limit)s::integer

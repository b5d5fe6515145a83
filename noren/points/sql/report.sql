-- The accounting of a span of days, by kind and last day.
-- Rerun: reads only.
-- Rows at full scale: some dozen, from the open lots and one partition of entries.
-- Must equal: opening + granted - used - lapsed + adjusted = closing.
WITH held AS (
    SELECT kind, lapses_on, sum(remaining)::bigint AS points FROM points_lot WHERE is_open GROUP BY kind, lapses_on
    UNION ALL
    SELECT 'arrears', '9999-12-31', -sum(arrears)::bigint FROM points_wallet WHERE arrears > 0
    UNION ALL
    SELECT kind, lapses_on, -sum(points)::bigint FROM points_entry WHERE effective_on > %(on)s GROUP BY kind, lapses_on
),
closing AS (
    SELECT kind, lapses_on, sum(points)::bigint AS points FROM held GROUP BY kind, lapses_on
),
moved AS (
    SELECT
        kind, lapses_on, sum(points)::bigint AS points,
        coalesce(sum(points) FILTER (WHERE movement = 'grant'), 0)::bigint AS granted,
        coalesce(-sum(points) FILTER (WHERE movement IN ('spend', 'reverse')), 0)::bigint AS used,
        coalesce(-sum(points) FILTER (WHERE movement = 'expire'), 0)::bigint AS lapsed,
        coalesce(sum(points) FILTER (WHERE movement IN ('correct', 'adjust', 'transfer', 'net')), 0)::bigint AS adjusted
    FROM points_entry
    WHERE effective_on BETWEEN %(since)s AND %(on)s
    GROUP BY kind, lapses_on
)
SELECT
    kind, lapses_on,
    coalesce(closing.points, 0) - coalesce(moved.points, 0) AS opening,
    coalesce(granted, 0), coalesce(used, 0), coalesce(lapsed, 0), coalesce(adjusted, 0),
    coalesce(closing.points, 0)
FROM closing FULL JOIN moved USING (kind, lapses_on)
WHERE closing.points <> 0 OR moved.kind IS NOT NULL
ORDER BY kind COLLATE "C", lapses_on

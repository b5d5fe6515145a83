-- Lots whose granted, used, lapsed and remaining points are not the sums of their entries, and entries without lot.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/points.md, "What always holds".
SELECT wallet_id, kind, uses, lapses_on, lot.granted, lot.used, lot.lapsed, lot.remaining
FROM points_lot AS lot
FULL JOIN (
    SELECT
        wallet_id, kind, uses, lapses_on, sum(points) AS remaining,
        coalesce(-sum(points) FILTER (WHERE movement IN ('spend', 'reverse')), 0) AS used,
        coalesce(-sum(points) FILTER (WHERE movement = 'expire'), 0) AS lapsed
    FROM points_entry
    WHERE kind <> 'arrears'
    GROUP BY wallet_id, kind, uses, lapses_on
) AS entries USING (wallet_id, kind, uses, lapses_on)
WHERE (lot.remaining, lot.used, lot.lapsed, lot.granted) IS DISTINCT FROM (
    entries.remaining, entries.used, entries.lapsed, entries.remaining + entries.used + entries.lapsed
)
LIMIT %(limit)s

-- Postings whose entries, those of wallets and those of the programme together, do not sum to zero.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/points.md, "What always holds".
SELECT posting_id, sum(points)::bigint AS points
FROM (
    SELECT posting_id, sum(points) AS points FROM points_entry GROUP BY posting_id
    UNION ALL
    SELECT posting_id, sum(points) FROM points_programme_entry GROUP BY posting_id
) AS both_sides
GROUP BY posting_id
HAVING sum(points) <> 0
LIMIT %(limit)s

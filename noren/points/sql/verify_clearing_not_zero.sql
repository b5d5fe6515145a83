-- Clearing accounts of finished runs that are not zero: something was rated and not posted, or the reverse.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/points.md, "What always holds".
SELECT account, sum(points)::bigint AS points
FROM points_programme_entry
WHERE account LIKE 'clearing/%%' AND NOT substr(account, length('clearing/') + 1) = ANY (%(running)s::text[])
GROUP BY account
HAVING sum(points) <> 0
LIMIT %(limit)s

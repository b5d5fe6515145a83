-- What stands on the accounts of the programme with these beginnings.
-- Rerun: reads only.
-- Rows at full scale: one for each account; read are the rows of all.
-- Must equal: the sums of their rows.
SELECT account, sum(points)::bigint
FROM points_programme_entry
WHERE account LIKE ANY(%(beginnings)s::text[])
GROUP BY account

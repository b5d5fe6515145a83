-- Which version of the programme is in force in a month, without its text.
-- Rerun: reads only.
-- Rows at full scale: one, from the end of the primary key; a programme has a version or two a year.
-- Must equal: the latest of noren.programme.queries.versions that does not begin after the month.
SELECT effective_from, digest
FROM programme_version
WHERE effective_from <= %(month)s
ORDER BY effective_from DESC
LIMIT 1

-- The business days on which something was posted for a usage month: the partitions that hold it.
-- Rerun: reads only.
-- Rows at full scale: one for each run of the month.
-- Must equal: the entries of that usage month.
SELECT DISTINCT effective_on
FROM points_posting
WHERE wallet_id = %(programme)s AND usage_month = %(usage_month)s

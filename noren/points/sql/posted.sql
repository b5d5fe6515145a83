-- Points that runs have posted for a usage month so far.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: the sum of grant and correct entries of that usage month.
SELECT coalesce(sum(points), 0)::bigint
FROM points_posting
WHERE wallet_id = %(programme)s AND usage_month = %(usage_month)s

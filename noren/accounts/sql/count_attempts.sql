-- Count one more attempt under each key, in a window that begins with its first attempt.
-- Rerun: counts again; the rows vanish with their window.
-- Rows at full scale: one for each key, at most four at once.
-- Must equal: nothing; a crash may empty the table.
INSERT INTO accounts_cache AS kept (cache_key, value, expires)
SELECT key, '1', %(now)s::timestamptz + make_interval(secs => seconds)
FROM unnest(%(keys)s::text[], %(seconds)s::int[]) AS asked (key, seconds)
ORDER BY key
ON CONFLICT (cache_key) DO UPDATE
SET
    value = CASE WHEN kept.expires <= %(now)s::timestamptz THEN '1' ELSE (kept.value::int + 1)::text END,
    expires = CASE WHEN kept.expires <= %(now)s::timestamptz THEN excluded.expires ELSE kept.expires END
RETURNING cache_key, value::int, ceil(extract(epoch FROM expires - %(now)s::timestamptz))::int

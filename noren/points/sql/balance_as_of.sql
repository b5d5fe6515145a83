-- The balance at the end of a business day, from what is booked now or (known_at) was booked by then.
-- Rerun: reads only.
-- Rows at full scale: one, from some dozen entries.
-- Must equal: the sum of the entries.
SELECT coalesce(sum(points), 0)::bigint
FROM points_entry
WHERE wallet_id = %(wallet_id)s AND effective_on <= %(on)s
    AND (%(known_at)s::timestamptz IS NULL OR booked_at <= %(known_at)s::timestamptz)

-- What lapses after which day, from `since` up to (not with) `until`.
-- Rerun: reads only.
-- Rows at full scale: a handful.
-- Must equal: the open lots.
SELECT lapses_on, kind, sum(remaining)::bigint
FROM points_lot
WHERE wallet_id = %(wallet_id)s AND is_open AND lapses_on >= %(since)s AND lapses_on < %(until)s
GROUP BY lapses_on, kind
ORDER BY lapses_on, kind

-- Lots below zero, or that are not granted = used + lapsed + remaining, or open without points.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: the checks on points_lot.
SELECT wallet_id, kind, uses, lapses_on, granted, used, lapsed, remaining, is_open
FROM points_lot
WHERE least(granted, used, lapsed, remaining) < 0 OR granted <> used + lapsed + remaining
    OR is_open <> (remaining > 0)
LIMIT %(limit)s

-- Put what comes back into its lots: it is no longer used; what arrears took of it was never granted.
-- Rerun: one transaction with the postings.
-- Rows at full scale: 20 thousand.
-- Must equal: granted = used + lapsed + remaining.
UPDATE points_lot AS lot SET
    granted = lot.granted - back.netted,
    used = lot.used - back.points,
    remaining = lot.remaining + back.points - back.netted,
    is_open = lot.remaining + back.points > back.netted
FROM (
    SELECT wallet_id, kind, uses, lapses_on, sum(points)::bigint AS points, sum(netted)::bigint AS netted
    FROM points_back GROUP BY wallet_id, kind, uses, lapses_on
) AS back
WHERE lot.wallet_id = back.wallet_id AND lot.kind = back.kind AND lot.uses = back.uses
    AND lot.lapses_on = back.lapses_on

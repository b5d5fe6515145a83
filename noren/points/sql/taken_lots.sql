-- Take the points from their lots: what expires has lapsed, what is spent is used, what is corrected was never granted.
-- Rerun: one transaction with the slice's posting, which is booked once.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: granted = used + lapsed + remaining.
UPDATE points_lot AS lot SET
    granted = lot.granted - CASE WHEN %(movement)s::text IN ('expire', 'spend') THEN 0 ELSE taken.points END,
    used = lot.used + CASE %(movement)s::text WHEN 'spend' THEN taken.points ELSE 0 END,
    lapsed = lot.lapsed + CASE %(movement)s::text WHEN 'expire' THEN taken.points ELSE 0 END,
    remaining = lot.remaining - taken.points,
    is_open = lot.remaining > taken.points
FROM points_taken AS taken
WHERE lot.wallet_id = taken.wallet_id AND lot.kind = taken.kind AND lot.uses = taken.uses
    AND lot.lapses_on = taken.lapses_on
    AND lot.wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR lot.wallet_id <= %(upper)s::uuid)

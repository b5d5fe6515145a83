-- Which points each wish gets: those of a wallet in the order of their places, each in the order of use, as far as the
-- lots go. A wish without a number asks for what is left of the lots that lapse first.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 20 thousand wishes, mostly of one lot each.
-- Must equal: noren.points.rules.share_out.
INSERT INTO points_part (item_id, wallet_id, line, kind, uses, lapses_on, points)
WITH usable AS (
    SELECT wallet_id, kind, uses, lapses_on, is_limited, remaining,
        (sum(remaining) OVER in_order)::bigint AS lot_upto, first_value(lapses_on) OVER in_order AS first_day
    FROM points_lot
    WHERE wallet_id BETWEEN %(lower)s AND %(upper)s AND wallet_id IN (SELECT wallet_id FROM points_wish)
        AND is_open AND lapses_on >= %(on)s
        AND (uses = '*' OR %(use)s::text = ANY (string_to_array(uses, ' ')))
    WINDOW in_order AS (PARTITION BY wallet_id ORDER BY lapses_on, is_limited DESC, kind, uses)
),
lapsing AS (
    SELECT wallet_id, sum(remaining)::bigint AS points FROM usable WHERE lapses_on = first_day GROUP BY wallet_id
),
asked AS (
    SELECT item_id, wallet_id, place, coalesce(wish.points, greatest(
        lapsing.points - coalesce(sum(wish.points) OVER before, 0)::bigint, 0
    )) AS points
    FROM points_wish AS wish JOIN lapsing USING (wallet_id)
    WINDOW before AS (PARTITION BY wallet_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
placed AS (
    SELECT item_id, wallet_id, points, (sum(points) OVER in_place)::bigint AS upto
    FROM asked
    WHERE points > 0
    WINDOW in_place AS (PARTITION BY wallet_id ORDER BY place)
)
SELECT item_id, wallet_id, row_number() OVER (PARTITION BY wallet_id ORDER BY upto, lot_upto), kind, uses, lapses_on,
    least(upto, lot_upto) - greatest(upto - points, lot_upto - remaining)
FROM placed JOIN usable USING (wallet_id)
WHERE upto - points < lot_upto AND lot_upto - remaining < upto

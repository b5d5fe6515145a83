-- The allocations of a month that come from standing ones, as a slice was reserved; one that got no points is noted too,
-- so that it is not asked for again.
-- Rerun: once for a standing allocation and month, of which the id is made.
-- Rows at full scale: 20 thousand of 2 million.
-- Must equal: what was wished (points_wish) and reserved (points_part).
INSERT INTO spending_allocation (
    wallet_id, allocation_id, uid, kind, member_id, month, origin, standing_id, points, paid, returned, lost, is_open,
    posting_id, effective_on, first_line, lines, made_by, made_at
)
SELECT standing.wallet_id, spending_allocation_id(standing_id, %(month)s), standing.uid, standing.kind, standing.member_id,
    %(month)s, 'standing', standing_id, coalesce(reserved.points, 0), 0, 0, 0, reserved.points IS NOT NULL,
    %(posting_id)s, %(on)s, coalesce(first_line, 1), coalesce(lines, 0), standing.made_by, %(now)s
FROM points_wish AS wished
JOIN spending_standing AS standing ON standing_id = item_id AND standing.wallet_id BETWEEN %(lower)s AND %(upper)s
LEFT JOIN (
    SELECT item_id, sum(points)::bigint AS points, min(line) AS first_line, count(*) AS lines
    FROM points_part GROUP BY item_id
) AS reserved USING (item_id)
ORDER BY standing.wallet_id, place

-- The allocations of a month that come from standing ones; one that got no points is noted too, so that it is not asked
-- for again.
-- Rerun: once for a standing allocation and month.
-- Rows at full scale: 20 thousand of 2 million.
-- Must equal: what was wished and reserved.
INSERT INTO spending_allocation (
    wallet_id, allocation_id, uid, kind, member_id, month, origin, standing_id, points, paid, returned, lost, is_open,
    posting_id, effective_on, first_line, lines, made_by, made_at
)
SELECT standing.wallet_id,
    encode(substr(sha256(convert_to('allocation/' || standing_id || '/' || %(month)s::date, 'UTF8')), 1, 16), 'hex')::uuid,
    standing.uid, standing.kind, standing.member_id, %(month)s::date, 'standing', standing_id,
    coalesce(reserved.points, 0), 0, 0, 0, reserved.points IS NOT NULL, %(posting_id)s, %(on)s,
    coalesce(first_line, 1), coalesce(lines, 0), standing.made_by, %(now)s
FROM spending_wished AS wished
JOIN spending_standing AS standing USING (standing_id)
LEFT JOIN spending_reserved AS reserved USING (standing_id)

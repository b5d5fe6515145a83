-- The allocations of a month that come from standing ones.
-- Rerun: once for a standing allocation and month.
-- Rows at full scale: 20 thousand of 2 million.
-- Must equal: what was reserved.
INSERT INTO spending_allocation (
    wallet_id, allocation_id, uid, kind, member_id, month, origin, standing_id, points, paid, returned, lost, is_open,
    posting_id, effective_on, first_line, lines, made_by, made_at
)
SELECT standing.wallet_id,
    encode(substr(sha256(convert_to('allocation/' || standing_id || '/' || %(month)s::date, 'UTF8')), 1, 16), 'hex')::uuid,
    standing.uid, standing.kind, standing.member_id, %(month)s::date, 'standing', standing_id, reserved.points, 0, 0, 0,
    true, %(posting_id)s, %(on)s, first_line, lines, standing.made_by, %(now)s
FROM spending_reserved AS reserved JOIN spending_standing AS standing USING (standing_id)

-- What standing allocations took of a pool in a span of days, by month, unit of the member, and who asked for it, less
-- what came back of it.
-- Rerun: reads only.
-- Rows at full scale: some hundred.
-- Must equal: the allocations of the wallet that come from standing ones.
SELECT date_trunc('month', allocation.effective_on)::date, 'bill',
    CASE WHEN member.unit_id IS NULL THEN '{}' ELSE ARRAY['unit:' || member.unit_id] END, allocation.made_by,
    sum(allocation.points - allocation.returned)::bigint
FROM spending_allocation AS allocation
LEFT JOIN groups_member AS member
    ON member.member_uid = allocation.uid AND member.group_id = allocation.wallet_id AND member.left_at IS NULL
WHERE allocation.wallet_id = %(wallet_id)s AND allocation.origin = 'standing'
    AND allocation.effective_on >= %(since)s AND allocation.effective_on < %(until)s
GROUP BY 1, 3, 4
ORDER BY 1, 3, 4

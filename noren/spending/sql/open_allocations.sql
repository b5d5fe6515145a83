-- Allocations that still have points for the bills of a month: what is not settled and not waiting for an answer.
-- Rerun: reads only.
-- Rows at full scale: 2 million.
-- Must equal: noren.spending.rules.oldest, and the open points that rules.pay is given.
COPY (
    SELECT allocation.wallet_id, allocation_id, uid, kind, member_id,
        allocation.points - allocation.paid - returned - lost - coalesce(waiting.points, 0) AS points, month, made_at
    FROM spending_allocation AS allocation
    LEFT JOIN (
        SELECT wallet_id, allocation_id, sum(points)::bigint AS points FROM spending_item WHERE state = 'sent'
        GROUP BY wallet_id, allocation_id
    ) AS waiting USING (wallet_id, allocation_id)
    WHERE is_open AND month <= %(month)s AND month >= %(oldest)s
        AND allocation.points - allocation.paid - returned - lost > coalesce(waiting.points, 0)
) TO STDOUT WITH (FORMAT csv)

-- Allocations of which more waits for an answer than is open.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/allocation.md, nothing that waits is handed over again.
SELECT allocation.allocation_id::text, allocation.points - allocation.paid - returned - lost, waiting.points
FROM (
    SELECT wallet_id, allocation_id, sum(points)::bigint AS points FROM spending_item WHERE state = 'sent' GROUP BY 1, 2
) AS waiting
JOIN spending_allocation AS allocation USING (wallet_id, allocation_id)
WHERE allocation.points - allocation.paid - returned - lost < waiting.points
LIMIT 100

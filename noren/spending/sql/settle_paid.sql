-- Add what is paid now to the allocations.
-- Rerun: one transaction with the answers.
-- Rows at full scale: 2 million.
-- Must equal: noren.spending.rules.settle.
UPDATE spending_allocation AS allocation
SET paid = allocation.paid + now.paid,
    is_open = allocation.points > allocation.paid + now.paid + allocation.returned + allocation.lost
FROM (
    SELECT wallet_id, allocation_id, sum(paid)::bigint AS paid FROM spending_settled WHERE paid > 0 GROUP BY 1, 2
) AS now
WHERE allocation.wallet_id = now.wallet_id AND allocation.allocation_id = now.allocation_id

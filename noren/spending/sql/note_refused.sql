-- The allocations of which an item is refused now, and what of them waits for another answer.
-- Rerun: into an empty scratch table.
-- Rows at full scale: some thousand.
-- Must equal: the items that are settled now.
INSERT INTO spending_refused (wallet_id, allocation_id, waiting)
SELECT DISTINCT wallet_id, allocation_id, (
    SELECT coalesce(sum(other.points), 0)::bigint FROM spending_item AS other
    WHERE other.allocation_id = settled.allocation_id AND other.state = 'sent'
)
FROM spending_settled AS settled WHERE state = 'refused'

-- The allocations of which an item is refused now, what of them waits for another answer, and what goes back: the rest.
-- Rerun: into an empty scratch table.
-- Rows at full scale: some thousand.
-- Must equal: the items that are settled now.
INSERT INTO spending_refused (wallet_id, allocation_id, waiting, points)
SELECT wallet_id, allocation_id, waiting, points - paid - returned - lost - waiting
FROM (SELECT DISTINCT wallet_id, allocation_id FROM spending_settled WHERE state = 'refused') AS refused
JOIN spending_allocation USING (wallet_id, allocation_id)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(item.points), 0)::bigint AS waiting FROM spending_item AS item
    WHERE item.wallet_id = refused.wallet_id AND item.allocation_id = refused.allocation_id
        AND item.state = 'sent'
) AS others

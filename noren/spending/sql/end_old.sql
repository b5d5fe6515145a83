-- End the allocations that no later bill may take: what is open is given back or lost.
-- Rerun: one transaction with the postings.
-- Rows at full scale: some thousand.
-- Must equal: what too_old.sql lists.
UPDATE spending_allocation AS allocation
SET returned = returned + CASE WHEN %(gives_back)s THEN points - paid - returned - lost ELSE 0 END,
    lost = lost + CASE WHEN %(gives_back)s THEN 0 ELSE points - paid - returned - lost END,
    is_open = false
WHERE is_open AND month < %(oldest)s AND month >= %(closed_since)s
    AND NOT EXISTS (
        SELECT FROM spending_item AS item
        WHERE item.wallet_id = allocation.wallet_id AND item.allocation_id = allocation.allocation_id
            AND item.state = 'sent'
    )

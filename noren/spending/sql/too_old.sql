-- What is open of allocations that no later bill may take, and that wait for no answer.
-- Rerun: reads only.
-- Rows at full scale: some thousand.
-- Must equal: noren.spending.rules.oldest.
COPY (
    SELECT allocation.wallet_id, key.natural_key,
        encode(substr(sha256(convert_to(key.natural_key, 'UTF8')), 1, 16), 'hex')::uuid,
        posting_id, effective_on, first_line, lines, returned, allocation.points - allocation.paid - returned - lost
    FROM spending_allocation AS allocation
    CROSS JOIN LATERAL (
        SELECT wallet_id || '/allocation/' || allocation_id || '/return/' || returned AS natural_key
    ) AS key
    WHERE is_open AND month < %(oldest)s AND month >= %(closed_since)s
        AND NOT EXISTS (
            SELECT FROM spending_item AS item
            WHERE item.wallet_id = allocation.wallet_id AND item.allocation_id = allocation.allocation_id
                AND item.state = 'sent'
        )
    ORDER BY 1, 2
) TO STDOUT WITH (FORMAT csv)

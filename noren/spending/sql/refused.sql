-- What goes back to the wallets: all that is open of the allocations of which an item was refused now, but for what
-- waits for another answer.
-- Rerun: reads only.
-- Rows at full scale: some thousand.
-- Must equal: noren.spending.rules.settle.
COPY (
    SELECT allocation.wallet_id, key.natural_key,
        encode(substr(sha256(convert_to(key.natural_key, 'UTF8')), 1, 16), 'hex')::uuid,
        posting_id, effective_on, first_line, lines, returned, refused.points
    FROM spending_allocation AS allocation
    JOIN spending_refused AS refused USING (wallet_id, allocation_id)
    CROSS JOIN LATERAL (
        SELECT wallet_id || '/allocation/' || allocation_id || '/return/' || returned AS natural_key
    ) AS key
    WHERE refused.points > 0
    ORDER BY 1, 2
) TO STDOUT WITH (FORMAT csv)

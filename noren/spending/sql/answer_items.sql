-- Note the answers, and which items they settle; those that were given before are left.
-- Rerun: an item is answered once.
-- Rows at full scale: 2 million.
-- Must equal: noren.spending.rules.settle.
WITH answered AS (
    UPDATE spending_item AS item
    SET state = told.state, paid = told.points, reason = told.reason, answered_at = %(now)s
    FROM spending_answered AS told
    WHERE item.month = told.month AND item.number = told.number AND item.wallet_id = told.wallet_id
        AND item.allocation_id = told.allocation_id AND item.state = 'sent'
    RETURNING item.month, item.number, item.wallet_id, item.allocation_id, item.state, item.points, item.paid
)
INSERT INTO spending_settled (month, number, wallet_id, allocation_id, state, points, paid)
SELECT month, number, wallet_id, allocation_id, state, points, paid FROM answered

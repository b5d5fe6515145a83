-- Hand the orders of a partner that nobody has to it, each with a step of its history and an audit row.
-- Rerun: finds none; they are sent.
-- Rows at full scale: some thousand, the orders of a day.
-- Must equal: noren.orders.actions.states.move to `sent` for each of them, which settles nothing.
WITH sent AS (
    UPDATE orders_order SET state = 'sent', handover = %(number)s
    WHERE partner = %(partner)s AND state = 'ordered'
    RETURNING wallet_id, order_id, number, member_id, corporation_id, code, quantity, points, made_at
), told AS (
    INSERT INTO orders_step (wallet_id, order_id, place, state, at, actor, note)
    SELECT wallet_id, order_id, max(step.place) + 1, 'sent', %(now)s, %(actor)s, ''
    FROM sent JOIN orders_step AS step USING (wallet_id, order_id)
    GROUP BY wallet_id, order_id
)
INSERT INTO audit_record (booked_at, actor, act, subject, scope, reason, detail)
SELECT %(now)s, %(actor)s, 'order.sent', member_id, corporation_id, %(reason)s,
    jsonb_build_object('number', number, 'item', code, 'quantity', quantity, 'points', points)
FROM sent
ORDER BY made_at, number

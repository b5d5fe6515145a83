-- Orders whose points are not where their state says: waiting, used, gone back or come back.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: noren.orders.rules.effect along the states of an order.
SELECT orders.number, orders.state, orders.points, coalesce(held.state, 'missing'),
    coalesce(held.captured, 0), coalesce(held.given_back, 0)
FROM orders_order AS orders
LEFT JOIN spending_reservation AS held
    ON held.wallet_id = orders.wallet_id AND held.reservation_id = orders.order_id
LEFT JOIN (VALUES
    ('ordered', 'waiting', 0, 0), ('sent', 'waiting', 0, 0), ('shipped', 'captured', 1, 0),
    ('delivered', 'captured', 1, 0), ('returned', 'captured', 1, 1), ('cancelled', 'voided', 0, 0),
    ('refused', 'voided', 0, 0)
) AS right_now (state, held, captured, given_back) ON right_now.state = orders.state
WHERE held.points IS DISTINCT FROM orders.points OR held.state IS DISTINCT FROM right_now.held
    OR held.captured <> right_now.captured * orders.points OR held.given_back <> right_now.given_back * orders.points
LIMIT 100

-- Holders for whom more or fewer are counted than their orders of the programme year say.
-- Rerun: reads only.
-- Rows at full scale: none; read are all orders.
-- Must equal: noren.orders.rules.counted, without what was cancelled, refused or returned.
SELECT coalesce(taken.holder, counted.holder), coalesce(taken.code, counted.code), coalesce(taken.year, counted.year),
    coalesce(taken.quantity, 0), coalesce(counted.quantity, 0)
FROM orders_taken AS taken
FULL JOIN (
    SELECT named.pair ->> 0 AS holder, named.pair ->> 1 AS code, year, sum(quantity)::int AS quantity
    FROM orders_order CROSS JOIN LATERAL jsonb_array_elements(orders_order.taken) AS named (pair)
    WHERE state NOT IN ('cancelled', 'refused', 'returned')
    GROUP BY 1, 2, 3
) AS counted USING (holder, code, year)
WHERE coalesce(taken.quantity, 0) <> coalesce(counted.quantity, 0)
LIMIT 100

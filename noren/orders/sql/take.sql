-- Count an order for somebody in a programme year, unless it would be more than they may have.
-- Rerun: no; in the transaction of the order, which is made once.
-- Rows at full scale: one, which it locks.
-- Must equal: taken before + quantity <= most.
INSERT INTO orders_taken AS taken (holder, code, year, quantity)
SELECT %(holder)s, %(code)s, %(year)s, %(quantity)s::int WHERE %(quantity)s::int <= %(most)s::bigint
ON CONFLICT (holder, code, year) DO UPDATE SET quantity = taken.quantity + excluded.quantity
WHERE taken.quantity + excluded.quantity <= %(most)s::bigint

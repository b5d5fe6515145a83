-- Exactly so many items for each line, in random order. Variables: month, lines, items_per_line, bits.

-- The order is a permutation, not a sort: twenty million items need no memory for it.
CREATE TABLE IF NOT EXISTS place AS
SELECT position // getvariable('items_per_line') + 1 AS number, position % getvariable('items_per_line') + 1 AS slot
FROM (SELECT shuffled(range, getvariable('bits')) AS position FROM range(1::BIGINT << getvariable('bits')))
WHERE position < getvariable('lines') * getvariable('items_per_line');

CREATE OR REPLACE VIEW bills_file AS
SELECT
    item_id(number, slot, getvariable('month')) AS item_id, strftime(getvariable('month'), '%Y-%m') AS bill_month,
    line_id(number) AS line_id, NULL::VARCHAR AS account_id, charge.code AS charge_code,
    yen_of(charge.low, charge.step, charge.spread, charge.varies, number, slot, getvariable('month')) AS amount_yen
FROM (SELECT number, slot, getvariable('charge_list')[charge_of(number, slot)] AS charge FROM place);

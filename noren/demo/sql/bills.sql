-- The bill items of one month, with all that happens to a line. Variables: month, items_per_line.

CREATE OR REPLACE TABLE billed AS
WITH open AS (
    SELECT number, service, opened_on, closed_on FROM line
    WHERE opened_on < month_after(getvariable('month'), 1)
        AND (closed_on IS NULL OR closed_on > getvariable('month'))
),
extra AS (
    SELECT DISTINCT contract.number, solution + 6 AS charge
    FROM contract
    WHERE solution < 3 AND started_on < month_after(getvariable('month'), 1)
        AND (ended_on IS NULL OR ended_on > getvariable('month'))
    UNION ALL
    SELECT number, CASE service WHEN 'optical' THEN 13 ELSE 12 END FROM open
    WHERE opened_on >= getvariable('month')
    UNION ALL
    SELECT number, 14 FROM open WHERE closed_on < month_after(getvariable('month'), 1)
),
extras AS (
    SELECT number, list(charge ORDER BY charge) AS charges FROM extra GROUP BY number
)
SELECT
    open.number,
    coalesce(charges, []) AS extras,
    greatest(
        getvariable('items_per_line') - 2 + below('items', open.number, 3),
        5 + coalesce(len(charges), 0)) AS untaxed
FROM open LEFT JOIN extras USING (number);

CREATE OR REPLACE TABLE item AS
WITH slotted AS (
    SELECT number, extras, unnest(range(1, untaxed + 1)) AS slot FROM billed
),
charged AS (
    SELECT number, slot, coalesce(CASE WHEN slot > 5 THEN extras[slot - 5] END, charge_of(number, slot)) AS charge
    FROM slotted
)
SELECT
    number, slot, code,
    -- Now and then a credit is larger than all charges of the month.
    CASE WHEN slot = 4 AND code = 'discount'
        AND below('credit', number * 65536 + month_index(getvariable('month')), 100) = 0 THEN -30000
        ELSE yen_of(low, step, spread, varies, number, slot, getvariable('month')) END AS amount_yen
FROM charged JOIN charge USING (charge);

INSERT INTO item
SELECT number, max(slot) + 1, 'tax', greatest(sum(amount_yen), 0)::BIGINT // 10 FROM item GROUP BY number;

-- Bills come line by line, the lines in no order that helps the reader.
CREATE OR REPLACE VIEW bills_file AS
SELECT
    item_id(number, slot, getvariable('month')) AS item_id, strftime(getvariable('month'), '%Y-%m') AS bill_month,
    line_id(number) AS line_id, NULL::VARCHAR AS account_id, code AS charge_code, amount_yen
FROM item
ORDER BY shuffled(number, 28), slot;

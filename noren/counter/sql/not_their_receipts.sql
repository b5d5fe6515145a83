-- Quotes whose receipts are not for all of a sale, or for one that was not made, or give back another share than came.
-- Rerun: reads only.
-- Rows at full scale: none; read are all quotes and receipts.
-- Must equal: noren.counter.rules.points_back, over all that came back.
SELECT quote.quote_id, quote.state, quote.price, quote.points, coalesce(receipts.sold_yen, 0) AS sold_yen,
    coalesce(receipts.sold, 0) AS sold, coalesce(receipts.back_yen, 0) AS back_yen, coalesce(receipts.back, 0) AS back
FROM counter_quote AS quote
LEFT JOIN (
    SELECT quote_id,
        coalesce(sum(yen) FILTER (WHERE kind = 'sale'), 0)::bigint AS sold_yen,
        coalesce(sum(points) FILTER (WHERE kind = 'sale'), 0)::bigint AS sold,
        coalesce(sum(yen) FILTER (WHERE kind = 'credit'), 0)::bigint AS back_yen,
        coalesce(sum(points) FILTER (WHERE kind = 'credit'), 0)::bigint AS back
    FROM counter_receipt
    GROUP BY quote_id
) AS receipts USING (quote_id)
WHERE coalesce(receipts.sold_yen, 0) <> CASE quote.state WHEN 'paid' THEN quote.price ELSE 0 END
    OR coalesce(receipts.sold, 0) <> CASE quote.state WHEN 'paid' THEN quote.points ELSE 0 END
    OR receipts.back_yen > receipts.sold_yen OR receipts.back <> quote.points * receipts.back_yen / quote.price
LIMIT %(limit)s

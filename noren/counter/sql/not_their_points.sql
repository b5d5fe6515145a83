-- Receipts whose points did not move in the books as they say, and what moved at the counter without a receipt.
-- Rerun: reads only.
-- Rows at full scale: none; read are all receipts and all postings.
-- Must equal: noren.counter.actions, settle and give_back.
SELECT receipt.number, receipt.kind, receipt.points, posting.natural_key AS posting, posting.points AS posted
FROM (
    SELECT receipt.*, quote.wallet_id,
        CASE receipt.kind WHEN 'sale' THEN -receipt.points ELSE receipt.points END AS moved,
        CASE receipt.kind WHEN 'sale' THEN 'spend' ELSE 'reverse' END AS movement
    FROM counter_receipt AS receipt JOIN counter_quote AS quote USING (quote_id)
    WHERE receipt.points > 0
) AS receipt
FULL JOIN (
    SELECT wallet_id, posting_id, natural_key, movement, points
    FROM points_posting
    WHERE natural_key LIKE wallet_id || '/counter/%%' AND movement IN ('spend', 'reverse')
) AS posting USING (wallet_id, posting_id)
WHERE posting.movement IS DISTINCT FROM receipt.movement OR posting.points IS DISTINCT FROM receipt.moved
LIMIT %(limit)s

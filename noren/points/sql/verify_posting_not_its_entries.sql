-- Postings whose net change is not the sum of the wallets' entries.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/points.md, "What always holds".
WITH posting AS (
    SELECT posting_id, wallet_id, points FROM points_posting
),
entries AS (
    SELECT posting_id, wallet_id, sum(points) AS points FROM points_entry GROUP BY posting_id, wallet_id
),
batch AS (
    SELECT posting_id, sum(points) AS points FROM points_entry GROUP BY posting_id
)
SELECT posting.wallet_id, posting_id, posting.points, coalesce(entries.points, batch.points, 0)::bigint AS entries
FROM posting
LEFT JOIN entries USING (posting_id, wallet_id)
LEFT JOIN batch USING (posting_id)
WHERE posting.points <> CASE posting.wallet_id
    WHEN %(programme)s THEN coalesce(batch.points, 0) ELSE coalesce(entries.points, 0) END
LIMIT %(limit)s

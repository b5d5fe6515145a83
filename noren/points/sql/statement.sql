-- A page of what happened in some wallets, the newest first, with the balance of all of them after each posting.
-- Rerun: reads only. A page begins below the place (day, instant, posting, wallet) where the one before ended.
-- Rows at full scale: a page, from some dozen entries for each wallet and year.
-- Must equal: noren.points.queries.history of the wallets, merged.
WITH moved AS (
    SELECT
        effective_on, booked_at, posting_id, wallet_id,
        (array_agg(movement ORDER BY movement = 'net', line))[1] AS movement,
        max(usage_month) AS usage_month,
        coalesce(string_agg(DISTINCT kind, ' ') FILTER (WHERE kind <> 'arrears'), '') AS kinds,
        max(lapses_on) FILTER (WHERE kind <> 'arrears' AND points > 0) AS lapses_on,
        sum(points)::bigint AS points
    FROM points_entry
    WHERE wallet_id = ANY(%(wallets)s::uuid[]) AND effective_on <= %(until)s::date
    GROUP BY effective_on, booked_at, posting_id, wallet_id
), running AS (
    SELECT *, sum(points) OVER (ORDER BY effective_on, booked_at, posting_id, wallet_id)::bigint AS balance FROM moved
), page AS (
    SELECT * FROM running
    WHERE effective_on >= %(since)s::date
        AND (%(movement)s::text = '' OR movement = %(movement)s::text)
        AND (
            %(day)s::date IS NULL
            OR (effective_on, booked_at, posting_id, wallet_id)
            < (%(day)s::date, %(at)s::timestamptz, %(posting)s::uuid, %(wallet)s::uuid)
        )
    ORDER BY effective_on DESC, booked_at DESC, posting_id DESC, wallet_id DESC
    LIMIT %(limit)s::integer
)
SELECT
    page.effective_on, page.booked_at, page.posting_id, page.wallet_id, page.movement, page.usage_month, page.kinds,
    page.lapses_on, page.points, page.balance, posting.use
FROM page
JOIN points_posting AS posting
    ON posting.posting_id = page.posting_id AND posting.wallet_id IN (page.wallet_id, %(programme)s::uuid)
ORDER BY page.effective_on DESC, page.booked_at DESC, page.posting_id DESC, page.wallet_id DESC

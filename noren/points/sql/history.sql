-- The entries of a wallet with the posting of each, its own or the programme's.
-- Rerun: reads only.
-- Rows at full scale: some dozen; a hundred thousand for a large pool.
-- Must equal: noren.points.queries.HistoryRow.
SELECT
    entry.posting_id, entry.line, entry.effective_on, entry.booked_at, entry.movement, entry.usage_month, entry.kind,
    entry.uses, entry.lapses_on, entry.points, posting.use, posting.reason, posting.actor, posting.corrects
FROM points_entry AS entry
JOIN points_posting AS posting
    ON posting.posting_id = entry.posting_id AND posting.wallet_id IN (entry.wallet_id, %(programme)s)
WHERE entry.wallet_id = %(wallet_id)s
ORDER BY entry.effective_on, entry.booked_at, entry.posting_id, entry.line

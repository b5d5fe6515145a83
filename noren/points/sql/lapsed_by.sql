-- Points on the account of lapsed points that the slices of a run brought there.
-- Rerun: reads only.
-- Rows at full scale: one, from a posting for each slice.
-- Must equal: the points that the step expire counted.
SELECT coalesce(sum(entry.points), 0)::bigint
FROM points_posting AS posting JOIN points_programme_entry AS entry USING (wallet_id, posting_id)
WHERE posting.wallet_id = %(programme)s AND posting.run = %(run)s AND entry.account = 'lapsed'

-- Entries, of wallets or of the programme, that no posting explains: neither the wallet's own nor one of a run.
-- Rerun: reads only.
-- Rows at full scale: none. Two questions: one about both wallets would look at all postings for each entry.
-- Must equal: docs/rules/points.md, "What always holds".
SELECT entry.wallet_id, entry.posting_id
FROM (
    SELECT wallet_id, posting_id FROM points_entry
    UNION
    SELECT wallet_id, posting_id FROM points_programme_entry
) AS entry
WHERE NOT EXISTS (
    SELECT FROM points_posting AS own
    WHERE own.wallet_id = entry.wallet_id AND own.posting_id = entry.posting_id
)
AND NOT EXISTS (
    SELECT FROM points_posting AS run WHERE run.wallet_id = %(programme)s AND run.posting_id = entry.posting_id
)
LIMIT %(limit)s

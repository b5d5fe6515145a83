-- Entries, of wallets or of the programme, that no posting explains.
-- Rerun: reads only.
-- Rows at full scale: none.
-- Must equal: docs/rules/points.md, "What always holds".
SELECT entry.wallet_id, entry.posting_id
FROM (
    SELECT DISTINCT wallet_id, posting_id FROM points_entry
    UNION
    SELECT wallet_id, posting_id FROM points_programme_entry
) AS entry
WHERE NOT EXISTS (
    SELECT FROM points_posting AS posting
    WHERE posting.wallet_id IN (entry.wallet_id, %(programme)s) AND posting.posting_id = entry.posting_id
)
LIMIT %(limit)s

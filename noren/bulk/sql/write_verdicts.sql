-- Keep what the dry run says of each row.
-- Rerun: the same facts give the same.
-- Rows at full scale: 100,000 for a job.
-- Must equal: noren.bulk.rules.verdict.
UPDATE bulk_row AS kept
SET account_id = judged.account_id, reasons = judged.reasons, changes = judged.changes,
    verdict = CASE WHEN judged.reasons <> '[]' THEN 'error' WHEN judged.changes = '{}' THEN 'nothing' ELSE 'do' END
FROM bulk_judged AS judged
WHERE kept.job_id = %(job_id)s AND kept.number = judged.number

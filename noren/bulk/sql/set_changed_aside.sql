-- Leave rows whose facts are no longer those that the dry run told.
-- Rerun: they are set aside already.
-- Rows at full scale: none, mostly, of some thousand.
-- Must equal: noren.bulk.rules.Outcome.CHANGED.
UPDATE bulk_row AS kept
SET outcome = 'changed',
    reasons = CASE WHEN judged.reasons = '[]' THEN '[":job.row_changed"]' ELSE judged.reasons END
FROM bulk_judged AS judged
WHERE kept.job_id = %(job_id)s AND kept.number BETWEEN %(first)s AND %(last)s AND kept.number = judged.number
    AND (judged.reasons <> '[]' OR judged.changes <> kept.changes OR judged.account_id <> kept.account_id)

-- The next accounts of an issue job that were made and not undone yet.
-- Rerun: those that are undone, or told to be in use, are not among them.
-- Rows at full scale: some thousand of 100,000.
-- Must equal: noren.bulk.rules.Outcome.DONE.
SELECT number, account_id FROM bulk_row
WHERE job_id = %(job_id)s AND outcome = 'done' ORDER BY number LIMIT %(most)s

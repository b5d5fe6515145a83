-- The next rows of a job that are to be done: the first and last number, and the accounts that they name.
-- Rerun: rows that are done are not among them.
-- Rows at full scale: some thousand of 100,000.
-- Must equal: noren.bulk.rules.Outcome.OPEN of Verdict.DO.
SELECT min(number), max(number), array_remove(array_agg(account_id ORDER BY account_id), '')
FROM (
    SELECT number, account_id FROM bulk_row
    WHERE job_id = %(job_id)s AND verdict = 'do' AND outcome = ''
    ORDER BY number LIMIT %(most)s
) AS next

-- How many rows of a job are to be done, need nothing, and are in error.
-- Rerun: reads only.
-- Rows at full scale: 100,000 for a job.
-- Must equal: noren.bulk.rules.verdict.
SELECT count(*) FILTER (WHERE verdict = 'do'), count(*) FILTER (WHERE verdict = 'nothing'),
    count(*) FILTER (WHERE verdict = 'error')
FROM bulk_row WHERE job_id = %(job_id)s

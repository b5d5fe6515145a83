-- The rows of a slice that are still as the dry run told.
-- Rerun: reads only.
-- Rows at full scale: some thousand.
-- Must equal: what slice.sql bounded, less set_changed_aside.sql.
SELECT number, given, account_id, changes FROM bulk_row
WHERE job_id = %(job_id)s AND number BETWEEN %(first)s AND %(last)s AND verdict = 'do' AND outcome = ''
ORDER BY number

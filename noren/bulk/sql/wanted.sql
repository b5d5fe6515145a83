-- The rows that are to be judged: every readable one, or those of a slice that are still to be done.
-- Rerun: reads only.
-- Rows at full scale: 100,000.
-- Must equal: noren.bulk.actions.judging.Span.
INSERT INTO bulk_wanted (number, name, key, given)
SELECT number, given ->> 'account', given ->> 'account_key', given FROM bulk_row
WHERE job_id = %(job_id)s AND number BETWEEN %(first)s AND %(last)s AND is_readable
    AND (%(anew)s::boolean OR (verdict = 'do' AND outcome = ''))

-- How many rows of a job have which reason.
-- Rerun: reads only.
-- Rows at full scale: 100,000 for a job.
-- Must equal: noren.bulk.queries.RowRow.reasons, counted.
SELECT reason, count(*)
FROM bulk_row CROSS JOIN LATERAL jsonb_array_elements_text(reasons) AS listed (reason)
WHERE job_id = %(job_id)s
GROUP BY reason ORDER BY count(*) DESC, reason

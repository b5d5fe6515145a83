-- Mark rows as undone, or as left because their accounts are in use.
-- Rerun: a row is undone once.
-- Rows at full scale: some thousand.
-- Must equal: noren.bulk.rules.Outcome.UNDONE, IN_USE.
UPDATE bulk_row AS kept SET outcome = CASE WHEN account_id = ANY(%(undone)s::text[]) THEN 'undone' ELSE 'in_use' END
WHERE job_id = %(job_id)s AND number = ANY(%(numbers)s::integer[])

-- Mark rows as done, in the transaction that does them.
-- Rerun: a row is done once.
-- Rows at full scale: some thousand.
-- Must equal: noren.bulk.rules.Outcome.DONE.
UPDATE bulk_row AS kept SET outcome = 'done', account_id = done.account_id
FROM unnest(%(numbers)s::integer[], %(account_ids)s::text[]) AS done (number, account_id)
WHERE kept.job_id = %(job_id)s AND kept.number BETWEEN %(first)s AND %(last)s AND kept.number = done.number

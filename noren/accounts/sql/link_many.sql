-- Link a line to each of these accounts that were just made for it, each with its audit row.
-- Rerun: fails at the first line that is linked; the caller's transaction decides.
-- Rows at full scale: some thousand at a time, 100,000 for a bulk job.
-- Must equal: noren.accounts.actions.link_line for each of them, after issue with the line's kind.
WITH made AS (
    INSERT INTO accounts_linked_line (linked_line_id, account_id, line_id, phone_number, linked_at)
    SELECT gen_random_uuid(), pair.account_id, line.line_id, line.phone_number, %(now)s
    FROM unnest(%(account_ids)s::text[], %(line_ids)s::text[]) AS pair (account_id, line_id)
    JOIN members_line AS line USING (line_id)
    RETURNING account_id, line_id
)
INSERT INTO audit_record (booked_at, actor, act, subject, scope, reason, detail)
SELECT %(now)s, %(actor)s, 'account.link_line', made.account_id, account.corporation_id, %(reason)s,
    jsonb_build_object('line', made.line_id)
FROM made JOIN accounts_account AS account USING (account_id)

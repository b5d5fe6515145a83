-- End the memberships of those of the accounts that are members; gives which.
-- Rerun: none is a member any more, no row.
-- Rows at full scale: some thousand at a time, 100,000 for a bulk job.
-- Must equal: noren.members.memberships.withdraw_account for each of them.
UPDATE members_account SET withdrawn_on = greatest(%(on)s::date, joined_on)
WHERE account_id = ANY(%(account_ids)s::text[]) AND joined_on IS NOT NULL AND withdrawn_on IS NULL
RETURNING account_id, corporation_id

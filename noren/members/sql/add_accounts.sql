-- Make many accounts members, or ones that can become members (without a day).
-- Rerun: fails at the first that is there; the caller's transaction decides.
-- Rows at full scale: some thousand at a time, 100,000 for a bulk job.
-- Must equal: noren.members.memberships.add_account for each of them.
INSERT INTO members_account (account_id, uid, corporation_id, joined_on)
SELECT account_id, encode(substr(sha256(convert_to('account:' || account_id, 'UTF8')), 1, 16), 'hex')::uuid,
    %(corporation_id)s, %(joined_on)s::date
FROM unnest(%(account_ids)s::text[]) AS new (account_id)

-- Links by which people set their accounts up, earlier ones revoked; each with its audit row.
-- Rerun: makes others and revokes these; the caller's transaction decides.
-- Rows at full scale: some thousand at a time, 100,000 for a bulk job.
-- Must equal: noren.accounts.actions.make_invitation for each of them.
WITH wished AS (
    SELECT account.account_id, account.corporation_id, made.token_hash,
        CASE %(purpose)s WHEN 'invitation' THEN account.contact_mail ELSE '' END AS address
    FROM unnest(%(account_ids)s::text[], %(hashes)s::text[]) AS made (account_id, token_hash)
    JOIN accounts_account AS account USING (account_id)
),
revoked AS (
    UPDATE accounts_ticket AS ticket SET revoked_at = %(now)s
    FROM wished
    WHERE ticket.account_id = wished.account_id AND ticket.purpose IN ('invitation', 'letter')
        AND ticket.used_at IS NULL AND ticket.revoked_at IS NULL
),
made AS (
    INSERT INTO accounts_ticket (token_hash, purpose, account_id, address, made_at, expires_at)
    SELECT token_hash, %(purpose)s, account_id, address, %(now)s, %(expires_at)s FROM wished
)
INSERT INTO audit_record (booked_at, actor, act, subject, scope, reason, detail)
SELECT %(now)s, %(actor)s, 'account.invite', account_id, corporation_id, %(reason)s,
    jsonb_build_object('by', %(purpose)s::text)
FROM wished

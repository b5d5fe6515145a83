-- Lock those of the accounts that are in use: sign-ins and open links end, each with its audit row.
-- Rerun: none is in use any more, no row.
-- Rows at full scale: some thousand at a time, 100,000 for a bulk job; the accounts are held in the order of their ids.
-- Must equal: noren.accounts.actions.lock for each of them.
WITH done AS (
    UPDATE accounts_account AS account
    SET state = 'locked', lock_reason = %(lock_reason)s, epoch = epoch + 1
    WHERE account_id = ANY(%(account_ids)s::text[]) AND state = 'active'
    RETURNING account_id, corporation_id
),
revoked AS (
    UPDATE accounts_ticket AS ticket SET revoked_at = %(now)s
    FROM done
    WHERE ticket.account_id = done.account_id AND ticket.used_at IS NULL AND ticket.revoked_at IS NULL
        AND ticket.purpose <> 'self_lock'
)
INSERT INTO audit_record (booked_at, actor, act, subject, scope, reason, detail, before, after)
SELECT %(now)s, %(actor)s, 'account.lock', account_id, corporation_id, %(reason)s,
    jsonb_build_object('reason', %(lock_reason)s::text),
    '{"state": "active", "lock_reason": ""}',
    jsonb_build_object('state', 'locked', 'lock_reason', %(lock_reason)s::text)
FROM done

-- Take those of the accounts that are locked back into use, each with its audit row.
-- Rerun: none is locked any more, no row.
-- Rows at full scale: some thousand at a time, 100,000 for a bulk job; the accounts are held in the order of their ids.
-- Must equal: noren.accounts.actions.unlock for each of them.
WITH held AS (
    SELECT account_id, corporation_id, lock_reason, must_change_password FROM accounts_account
    WHERE account_id = ANY(%(account_ids)s::text[]) AND state = 'locked'
),
done AS (
    UPDATE accounts_account AS account
    SET state = 'active', lock_reason = '', last_used_at = %(now)s, dormant_notice_at = NULL, failed_passwords = 0,
        failed_codes = 0,
        must_change_password = held.must_change_password OR held.lock_reason IN ('self', 'dormant')
    FROM held WHERE account.account_id = held.account_id
    RETURNING account.account_id, account.corporation_id, held.lock_reason,
        held.must_change_password AS had_to, account.must_change_password AS has_to
)
INSERT INTO audit_record (booked_at, actor, act, subject, scope, reason, detail, before, after)
SELECT %(now)s, %(actor)s, 'account.unlock', account_id, corporation_id, %(reason)s,
    jsonb_build_object('reason', lock_reason),
    jsonb_build_object('state', 'locked', 'lock_reason', lock_reason)
        || CASE WHEN had_to <> has_to THEN jsonb_build_object('must_change_password', had_to) ELSE '{}' END,
    jsonb_build_object('state', 'active', 'lock_reason', '')
        || CASE WHEN had_to <> has_to THEN jsonb_build_object('must_change_password', has_to) ELSE '{}' END
FROM done

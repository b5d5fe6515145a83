-- End those of the accounts that live: credentials are gone, lines unlinked, open links revoked; each with its audit row.
-- Rerun: none lives any more, no row.
-- Rows at full scale: some thousand at a time, 100,000 for a bulk job; the accounts are held in the order of their ids.
-- Must equal: noren.accounts.actions.abolish for each of them. `release`: nobody has used them, so the login ids are free.
WITH held AS (
    SELECT account_id, corporation_id, kind, state, lock_reason, login_id FROM accounts_account
    WHERE account_id = ANY(%(account_ids)s::text[]) AND state <> 'abolished'
),
done AS (
    UPDATE accounts_account AS account
    SET state = 'abolished', lock_reason = '', epoch = epoch + 1, password_changed_at = NULL,
        password = '!' || left(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 40),
        login_id = CASE WHEN %(release)s::boolean THEN '~' || held.account_id ELSE account.login_id END,
        login_key = CASE WHEN %(release)s::boolean THEN '~' || held.account_id ELSE account.login_key END,
        login_kind = CASE WHEN %(release)s::boolean THEN 'free' ELSE account.login_kind END
    FROM held WHERE account.account_id = held.account_id
    RETURNING account.account_id, account.corporation_id, held.kind, held.state, held.lock_reason,
        held.login_id AS old_login, account.login_id AS new_login
),
forgotten AS (
    DELETE FROM mfa_authenticator USING done WHERE mfa_authenticator.user_id = done.account_id
),
unlinked AS (
    UPDATE accounts_linked_line AS linked SET unlinked_at = %(now)s
    FROM done WHERE linked.account_id = done.account_id AND linked.unlinked_at IS NULL
),
revoked AS (
    UPDATE accounts_ticket AS ticket SET revoked_at = %(now)s
    FROM done
    WHERE ticket.account_id = done.account_id AND ticket.used_at IS NULL AND ticket.revoked_at IS NULL
        AND ticket.purpose <> 'self_lock'
)
INSERT INTO audit_record (booked_at, actor, act, subject, scope, reason, before, after)
SELECT %(now)s, %(actor)s, CASE kind WHEN 'line_linked' THEN 'account.delete' ELSE 'account.abolish' END,
    account_id, corporation_id, %(reason)s,
    jsonb_strip_nulls(jsonb_build_object(
        'state', state, 'lock_reason', nullif(lock_reason, ''),
        'login_id', CASE WHEN old_login <> new_login THEN old_login END
    )),
    jsonb_build_object('state', 'abolished')
        || CASE WHEN lock_reason <> '' THEN '{"lock_reason": ""}'::jsonb ELSE '{}' END
        || CASE WHEN old_login <> new_login THEN jsonb_build_object('login_id', new_login) ELSE '{}' END
FROM done

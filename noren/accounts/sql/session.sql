-- What a session holds, by the hash of its cookie, the account of whoever is signed in with it, and what applies to it.
-- `newer`: sign-ins that were begun later, if the policy counts them.
-- Rerun: reads only.
-- Rows at full scale: one of each, by primary key; the account's sessions, by index, where a policy counts them.
-- Must equal: django.contrib.sessions: an expired session is none; Account.objects.get(pk=…); policy.sql.
SELECT s.session_data, a.password, a.last_login, a.account_id, a.login_id, a.login_key, a.login_kind, a.kind,
    a.corporation_id, a.state, a.lock_reason, a.epoch, a.name, a.name_kana, a.department, a.title, a.employee_number,
    a.contact_mail, a.contact_mobile, a.mobile_verified_at, a.two_step, a.browsers_forgotten_at, a.language,
    a.failed_passwords, a.failed_codes, a.password_changed_at, a.must_change_password, a.issued_at, a.last_used_at,
    a.dormant_notice_at, a.policy_id, to_jsonb(p) AS policy_step,
    CASE WHEN p.devices IS NOT NULL THEN (
        SELECT count(*) FROM accounts_session o
        WHERE o.account_id = s.account_id AND o.auth_hash = s.auth_hash AND o.expire_date > statement_timestamp()
            AND (o.started_at, o.session_key) > (s.started_at, s.session_key)
    ) ELSE 0 END AS newer
FROM accounts_session s
LEFT JOIN accounts_account a ON a.account_id = s.account_id
LEFT JOIN accounts_policy_step p ON p.policy_id = a.policy_id AND p.from_at <= statement_timestamp()
    AND (p.until_at IS NULL OR statement_timestamp() < p.until_at)
WHERE s.session_key = %(key_hash)s AND s.expire_date > statement_timestamp()

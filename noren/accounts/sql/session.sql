-- What a session holds, by the hash of its cookie, and the account of whoever is signed in with it.
-- Rerun: reads only.
-- Rows at full scale: one of each, by primary key.
-- Must equal: django.contrib.sessions: an expired session is none; Account.objects.get(pk=…).
SELECT s.session_data, a.password, a.last_login, a.account_id, a.login_id, a.login_key, a.login_kind, a.kind,
    a.corporation_id, a.state, a.lock_reason, a.epoch, a.name, a.name_kana, a.department, a.title, a.employee_number,
    a.contact_mail, a.contact_mobile, a.mobile_verified_at, a.two_step, a.browsers_forgotten_at, a.language,
    a.failed_passwords, a.failed_codes, a.password_changed_at, a.must_change_password, a.issued_at, a.last_used_at, a.dormant_notice_at
FROM accounts_session s LEFT JOIN accounts_account a ON a.account_id = s.account_id
WHERE s.session_key = %(key_hash)s AND s.expire_date > statement_timestamp()

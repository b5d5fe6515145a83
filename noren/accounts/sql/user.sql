-- The account of somebody who is signed in, whole.
-- Rerun: reads only.
-- Rows at full scale: one, by primary key.
-- Must equal: Account.objects.get(pk=…).
SELECT password, last_login, account_id, login_id, login_key, login_kind, kind, corporation_id, state, lock_reason,
    epoch, name, name_kana, department, title, employee_number, contact_mail, contact_mobile,
    mobile_verified_at, two_step, browsers_forgotten_at, language, failed_passwords, password_changed_at,
    must_change_password, issued_at, last_used_at, dormant_notice_at
FROM accounts_account WHERE account_id = %(account_id)s

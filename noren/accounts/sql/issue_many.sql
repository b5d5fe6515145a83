-- Make many accounts, each with its audit row.
-- Rerun: fails at the first login id that is taken; the caller's transaction decides.
-- Rows at full scale: some thousand at a time, 100,000 for a bulk job.
-- Must equal: noren.accounts.actions.issue for each of them.
WITH made AS (
    INSERT INTO accounts_account AS account (
        account_id, login_id, login_key, login_kind, kind, corporation_id, state, lock_reason, epoch, name, name_kana,
        department, title, employee_number, contact_mail, contact_mobile, two_step, language, failed_passwords,
        must_change_password, issued_at, password
    )
    SELECT person.account_id, person.login_id, person.login_key, person.login_kind,
        CASE WHEN person.line_id IS NULL THEN 'carrier_free' ELSE 'line_linked' END,
        %(corporation_id)s, 'invited', '', 1, person.name, coalesce(person.name_kana, ''),
        coalesce(person.department, ''), coalesce(person.title, ''), coalesce(person.employee_number, ''),
        coalesce(person.contact_mail, ''), coalesce(person.contact_mobile, ''), 'strong', person.language, 0,
        false, %(now)s, '!' || left(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 40)
    FROM jsonb_to_recordset(%(people)s::jsonb) AS person (
        account_id text, login_id text, login_key text, login_kind text, line_id text, name text, name_kana text,
        department text, title text, employee_number text, contact_mail text, contact_mobile text, language text
    )
    RETURNING account.*
)
INSERT INTO audit_record (booked_at, actor, act, subject, scope, reason, detail, after)
SELECT %(now)s, %(actor)s, 'account.issue', account_id, corporation_id, %(reason)s,
    jsonb_build_object('corporation', corporation_id, 'kind', kind, 'active', false),
    jsonb_strip_nulls(jsonb_build_object(
        'login_id', login_id, 'kind', kind, 'corporation_id', corporation_id, 'state', state,
        'name', name, 'name_kana', nullif(name_kana, ''), 'department', nullif(department, ''),
        'title', nullif(title, ''), 'employee_number', nullif(employee_number, ''),
        'contact_mail', nullif(contact_mail, ''), 'contact_mobile', nullif(contact_mobile, ''),
        'two_step', two_step, 'language', language, 'must_change_password', must_change_password
    ))
FROM made

-- Change people's data, contact data and login ids; another login id ends the sign-ins. A row for the audit of each kind.
-- Rerun: the same values again change nothing more; the caller's transaction decides.
-- Rows at full scale: some thousand at a time, 100,000 for a bulk job; the accounts are held in the order of their ids.
-- Must equal: noren.accounts.actions.set_user_data and change_login_id; contact data that nobody has proved.
WITH wished AS (
    SELECT fields ->> 'account_id' AS account_id, fields FROM jsonb_array_elements(%(changes)s::jsonb) AS one (fields)
),
held AS MATERIALIZED (
    SELECT account.account_id, account.corporation_id, to_jsonb(account) AS now, wished.fields
    FROM wished JOIN accounts_account AS account USING (account_id)
),
done AS (
    UPDATE accounts_account AS account
    SET name = coalesce(fields ->> 'name', name),
        name_kana = coalesce(fields ->> 'name_kana', name_kana),
        department = coalesce(fields ->> 'department', department),
        title = coalesce(fields ->> 'title', title),
        employee_number = coalesce(fields ->> 'employee_number', employee_number),
        language = coalesce(fields ->> 'language', language),
        contact_mail = coalesce(fields ->> 'contact_mail', contact_mail),
        contact_mobile = coalesce(fields ->> 'contact_mobile', contact_mobile),
        mobile_verified_at = CASE WHEN NOT fields ? 'contact_mobile' THEN mobile_verified_at END,
        login_id = coalesce(fields ->> 'login_id', login_id),
        login_key = coalesce(fields ->> 'login_key', login_key),
        login_kind = coalesce(fields ->> 'login_kind', login_kind),
        epoch = epoch + (fields ? 'login_id')::integer
    FROM held WHERE account.account_id = held.account_id
),
unproved AS (
    DELETE FROM account_emailaddress USING held
    WHERE account_emailaddress.user_id = held.account_id AND held.fields ? 'contact_mail'
),
revoked AS (
    UPDATE accounts_ticket AS ticket SET revoked_at = %(now)s
    FROM held
    WHERE ticket.account_id = held.account_id AND held.fields ? 'login_id' AND ticket.used_at IS NULL
        AND ticket.revoked_at IS NULL AND ticket.purpose <> 'self_lock'
),
told AS (
    SELECT held.account_id, held.corporation_id, act.act,
        jsonb_object_agg(field.key, held.now -> field.key) AS before, jsonb_object_agg(field.key, field.value) AS after
    FROM held
    CROSS JOIN LATERAL jsonb_each(held.fields) AS field
    CROSS JOIN LATERAL (SELECT CASE field.key
        WHEN 'login_id' THEN 'account.id_change'
        WHEN 'contact_mail' THEN 'account.contact_mail'
        WHEN 'contact_mobile' THEN 'account.contact_mobile'
        ELSE 'account.user_data' END AS act) AS act
    WHERE field.key NOT IN ('account_id', 'login_key', 'login_kind')
    GROUP BY held.account_id, held.corporation_id, act.act
)
INSERT INTO audit_record (booked_at, actor, act, subject, scope, reason, detail, before, after)
SELECT %(now)s, %(actor)s, act, account_id, corporation_id, %(reason)s,
    CASE act WHEN 'account.id_change' THEN jsonb_build_object('old', before ->> 'login_id', 'new', after ->> 'login_id')
        ELSE '{}' END,
    before, after
FROM told

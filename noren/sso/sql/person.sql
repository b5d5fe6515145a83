-- The person behind an access token, with the claims that scopes may hand over.
-- Rerun: reads only.
-- Rows at full scale: one, by primary keys.
-- Must equal: rules.SCOPE_CLAIMS; no row = the grant, the sign-in, the account or the partner has ended.
SELECT g.scope, g.claims, g.subject, g.client_id, g.sid, jsonb_build_object(
    'account_id', a.account_id, 'account_kind', a.kind, 'preferred_username', a.login_id,
    'name', a.name, 'name_kana', a.name_kana, 'locale', a.language,
    'updated_at', extract(epoch FROM a.issued_at)::bigint,
    'corporation_id', o.corporation_id, 'corporation_name', o.name,
    'department', a.department, 'title', a.title, 'employee_number', a.employee_number,
    'email', a.contact_mail,
    'email_verified', CASE WHEN a.contact_mail <> '' THEN EXISTS (
        SELECT FROM account_emailaddress e
        WHERE e.user_id = a.account_id AND e.verified AND e.email = a.contact_mail) END,
    'phone_number', a.contact_mobile,
    'phone_number_verified', CASE WHEN a.contact_mobile <> '' THEN a.mobile_verified_at IS NOT NULL END) AS person
FROM sso_grant g, accounts_account a, members_corporation o
WHERE g.grant_id = %(grant_id)s AND g.revoked_at IS NULL AND o.corporation_id = a.corporation_id
    AND EXISTS (SELECT FROM sso_client c WHERE c.client_id = g.client_id AND c.disabled_at IS NULL)
    AND NOT EXISTS (SELECT FROM sso_seen WHERE digest = %(revoked)s)
    AND a.account_id = g.account_id AND a.state = 'active' AND a.epoch = g.epoch
    AND (a.policy_id IS NULL OR accounts_policy_allows(
        a.policy_id, a.account_id, g.methods, coalesce(g.began_at, g.made_at), g.sid, %(now)s))
    AND (g.sid IS NULL OR ' ' || g.scope || ' ' LIKE '%% offline_access %%'
         OR EXISTS (SELECT FROM accounts_session s WHERE s.sid = g.sid AND s.expire_date > %(now)s))

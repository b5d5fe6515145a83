-- What those of these accounts that are in use could sign in with, counted by combination.
-- Rerun: reads only.
-- Rows at full scale: some 100,000 accounts, by index; at most 32 rows come back.
-- Must equal: noren.account_site.sign_in_policy.has: codes are sent to who has neither passkey nor app, by short message
-- where there is no mail.
WITH own AS (
    SELECT user_id, array_agg(DISTINCT CASE type WHEN 'webauthn' THEN 'passkey' ELSE type::text END) AS factors
    FROM mfa_authenticator WHERE user_id = ANY(%(account_ids)s::text[])
    GROUP BY user_id
),
able AS (
    SELECT coalesce(own.factors, '{}') || CASE
        WHEN own.factors && ARRAY['passkey', 'totp'] THEN '{}'
        WHEN account.contact_mail <> '' THEN ARRAY['mail']
        WHEN account.contact_mobile <> '' AND account.mobile_verified_at IS NOT NULL THEN ARRAY['sms']
        ELSE '{}' END AS factors
    FROM accounts_account AS account LEFT JOIN own ON own.user_id = account.account_id
    WHERE account.account_id = ANY(%(account_ids)s::text[]) AND account.state = 'active'
)
SELECT factors, count(*) FROM able GROUP BY factors

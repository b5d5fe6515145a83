-- A page of the accounts within a scope that answer a search, and how many there are in all.
-- Rerun: reads only.
-- Rows at full scale: 50 of some 50 thousand; read are the accounts of the scope.
-- Must equal: noren.groups.rules.Scope.covers; a row for each account that answers, once.
WITH within AS (
    SELECT account_id FROM accounts_account WHERE corporation_id = ANY(%(corporations)s::text[])
    UNION
    SELECT member_id FROM groups_member
    WHERE kind = 'account' AND left_at IS NULL
        AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
),
numbered AS (
    SELECT linked.account_id
    FROM accounts_linked_line AS linked JOIN members_line AS line ON line.line_id = linked.line_id
    WHERE %(digits)s::text <> '' AND linked.unlinked_at IS NULL
        AND linked.account_id IN (SELECT account_id FROM within)
        AND translate(line.phone_number, '-() ', '') LIKE %(digits)s::text
),
found AS MATERIALIZED (
    SELECT account.account_id,
        CASE %(order)s::text
            WHEN 'login_id' THEN account.login_key
            WHEN 'employee_number' THEN account.employee_number
            WHEN 'state' THEN account.state
            WHEN 'used' THEN coalesce(to_char(account.last_used_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS'), '')
            ELSE account.name_kana
        END AS place
    FROM within
    JOIN accounts_account AS account USING (account_id)
    LEFT JOIN groups_member AS member
        ON member.kind = 'account' AND member.member_id = account.account_id AND member.left_at IS NULL
    WHERE (%(ids)s::text[] IS NULL OR account.account_id = ANY(%(ids)s::text[]))
        AND (%(state)s::text = '' OR account.state = %(state)s::text)
        AND (%(state)s::text <> '' OR %(ids)s::text[] IS NOT NULL OR account.state <> 'abolished')
        AND (%(kind)s::text = '' OR account.kind = %(kind)s::text)
        AND (%(group)s::uuid IS NULL OR member.group_id = %(group)s::uuid)
        AND (%(unit)s::uuid IS NULL OR member.unit_id = %(unit)s::uuid)
        AND (NOT %(ungrouped)s::boolean OR member.group_id IS NULL)
        AND (%(unused_since)s::timestamptz IS NULL
            OR coalesce(account.last_used_at, account.issued_at) < %(unused_since)s::timestamptz)
        AND (%(factor)s::text = '' OR (
            EXISTS (
                SELECT FROM mfa_authenticator AS own
                WHERE own.user_id = account.account_id AND own.type = ANY (
                    CASE WHEN %(factor)s::text LIKE '%%passkey' THEN ARRAY['webauthn'] ELSE ARRAY['webauthn', 'totp'] END
                )
            ) = (%(factor)s::text NOT LIKE 'no_%%')
        ))
        AND (%(text)s::text = '' OR account.login_key LIKE %(text)s::text OR lower(account.name) LIKE %(text)s::text
            OR account.name_kana LIKE %(kana)s::text OR lower(account.employee_number) LIKE %(text)s::text
            OR (%(digits)s::text <> '' AND replace(account.contact_mobile, '+81', '0') LIKE %(digits)s::text)
            OR account.account_id IN (SELECT account_id FROM numbered))
),
page AS (
    SELECT account_id, place, row_number() OVER () AS number
    FROM (
        SELECT account_id, place FROM found
        ORDER BY
            CASE WHEN NOT %(descending)s::boolean THEN place COLLATE "C" END,
            CASE WHEN %(descending)s::boolean THEN place COLLATE "C" END DESC,
            account_id
        LIMIT %(size)s OFFSET %(offset)s
    ) AS sorted
)
SELECT
    (SELECT count(*) FROM found), account.account_id, account.login_id, account.name, account.name_kana,
    account.department, account.title, account.employee_number, account.corporation_id, account.kind, account.state,
    coalesce(account.lock_reason, ''), account.last_used_at, account.contact_mail, account.contact_mobile,
    coalesce(its.group_id::text, ''), coalesce(its.name, ''), coalesce(unit.unit_id::text, ''), coalesce(unit.name, ''),
    EXISTS (SELECT FROM mfa_authenticator WHERE user_id = account.account_id AND type = 'webauthn'),
    EXISTS (SELECT FROM mfa_authenticator WHERE user_id = account.account_id AND type = 'totp')
FROM page
RIGHT JOIN (VALUES (1)) AS one (row) ON true
LEFT JOIN accounts_account AS account USING (account_id)
LEFT JOIN groups_member AS member
    ON member.kind = 'account' AND member.member_id = account.account_id AND member.left_at IS NULL
LEFT JOIN groups_group AS its ON its.group_id = member.group_id
LEFT JOIN groups_unit AS unit ON unit.unit_id = member.unit_id
ORDER BY page.number

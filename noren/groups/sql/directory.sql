-- A page of the accounts within a scope that answer a search, and how many there are in all.
-- Rerun: reads only.
-- Rows at full scale: 50 of some 50 thousand; read are the accounts of the scope.
-- Must equal: noren.groups.rules.Scope.covers; a row for each account that answers, once.
WITH found AS MATERIALIZED (
    SELECT account.account_id,
--: login_id
        account.login_key AS place
--.
--: employee_number
        account.employee_number AS place
--.
--: state_order
        account.state AS place
--.
--: used
        coalesce(to_char(account.last_used_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS'), '') AS place
--.
--: name_kana
        account.name_kana AS place
--.
    FROM accounts_account AS account
    WHERE true
--: corporations
        AND account.corporation_id = ANY(%(corporations)s::text[])
--.
--: groups
        AND account.account_id IN (
            SELECT member_id FROM groups_member
            WHERE kind = 'account' AND left_at IS NULL
                AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
        )
--.
--: both
        AND account.account_id IN (
            SELECT account_id FROM accounts_account WHERE corporation_id = ANY(%(corporations)s::text[])
            UNION
            SELECT member_id FROM groups_member
            WHERE kind = 'account' AND left_at IS NULL
                AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
        )
--.
--: ids
        AND account.account_id = ANY(%(ids)s::text[])
--.
--: state
        AND account.state = %(state)s
--.
--: living
        AND account.state <> 'abolished'
--.
--: kind
        AND account.kind = %(kind)s
--.
--: group
        AND account.account_id IN (
            SELECT member_id FROM groups_member
            WHERE kind = 'account' AND left_at IS NULL AND group_id = %(group)s::uuid
        )
--.
--: unit
        AND account.account_id IN (
            SELECT member_id FROM groups_member
            WHERE kind = 'account' AND left_at IS NULL AND unit_id = %(unit)s::uuid
        )
--.
--: ungrouped
        AND NOT EXISTS (
            SELECT FROM groups_member
            WHERE kind = 'account' AND member_id = account.account_id AND left_at IS NULL
        )
--.
--: unused_since
        AND coalesce(account.last_used_at, account.issued_at) < %(unused_since)s
--.
--: passkey own
        AND EXISTS (
--.
--: no_passkey no_own
        AND NOT EXISTS (
--.
--: passkey own no_passkey no_own
            SELECT FROM mfa_authenticator AS own
            WHERE own.user_id = account.account_id AND own.type = ANY(%(factors)s::text[])
        )
--.
--: text
        AND (
            account.login_key LIKE %(text)s OR lower(account.name) LIKE %(text)s
            OR account.name_kana LIKE %(kana)s OR lower(account.employee_number) LIKE %(text)s
--.
--: digits
            OR replace(account.contact_mobile, '+81', '0') LIKE %(digits)s
            OR account.account_id IN (
                SELECT linked.account_id
                FROM members_line AS line JOIN accounts_linked_line AS linked ON linked.line_id = line.line_id
                WHERE linked.unlinked_at IS NULL AND translate(line.phone_number, '-() ', '') LIKE %(digits)s
--.
--: line_corporations
                    AND line.corporation_id = ANY(%(corporations)s::text[])
--.
--: digits
            )
--.
--: text
        )
--.
),
page AS (
    SELECT account_id, row_number() OVER () AS number
    FROM (
        SELECT account_id FROM found
--: ascending
        ORDER BY place COLLATE "C", account_id
--.
--: descending
        ORDER BY place COLLATE "C" DESC, account_id
--.
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

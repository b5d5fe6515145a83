-- Sign-ins and uses of services of the accounts within a scope, the newest first.
-- Rerun: reads only.
-- Rows at full scale: 50 of some 100 thousand of a month; read are those of the span.
-- Must equal: the rows of the same accounts in noren.accounts.queries.history.
SELECT sign_in.sign_in_id, sign_in.at, account.account_id, account.login_id, account.name, sign_in.result,
    sign_in.methods::text, sign_in.service, sign_in.address, sign_in.agent
FROM accounts_sign_in AS sign_in
JOIN accounts_account AS account USING (account_id)
WHERE sign_in.at >= %(since)s AND sign_in.at < %(until)s
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
--: account
    AND sign_in.account_id = %(account_id)s
--.
--: result
    AND sign_in.result = %(result)s
--.
--: service
    AND sign_in.service = %(service)s
--.
--: behind
    AND (sign_in.at, sign_in.sign_in_id) < (%(at)s, %(id)s::uuid)
--.
ORDER BY sign_in.at DESC, sign_in.sign_in_id DESC
LIMIT %(size)s

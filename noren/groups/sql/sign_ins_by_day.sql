-- How many sign-ins, failures and uses of services there were on each day, of the accounts within a scope.
-- Rerun: reads only.
-- Rows at full scale: one for each day and service of the span.
-- Must equal: the counts of sign_ins.sql.
SELECT (sign_in.at AT TIME ZONE 'Asia/Tokyo')::date, sign_in.result, sign_in.service, count(*)
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
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3

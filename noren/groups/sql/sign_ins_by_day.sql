-- How many sign-ins, failures and uses of services there were on each day, of the accounts within a scope.
-- Rerun: reads only.
-- Rows at full scale: one for each day and service of the span.
-- Must equal: the counts of sign_ins.sql.
WITH within AS (
    SELECT account_id FROM accounts_account WHERE corporation_id = ANY(%(corporations)s::text[])
    UNION
    SELECT member_id FROM groups_member
    WHERE kind = 'account' AND left_at IS NULL
        AND (group_id = ANY(%(groups)s::uuid[]) OR unit_id = ANY(%(units)s::uuid[]))
)
SELECT (at AT TIME ZONE 'Asia/Tokyo')::date, result, service, count(*)
FROM accounts_sign_in
WHERE account_id IN (SELECT account_id FROM within) AND at >= %(since)s AND at < %(until)s
    AND (%(account_id)s::text = '' OR account_id = %(account_id)s::text)
    AND (%(result)s::text = '' OR result = %(result)s::text)
    AND (%(service)s::text = '' OR service = %(service)s::text)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3

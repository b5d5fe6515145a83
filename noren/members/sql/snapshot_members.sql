-- Every line and account with the dates that decide membership.
-- Rerun: reads only.
-- Rows at full scale: 18 million (12 million lines, 6 million accounts).
-- Must equal: the tables; noren.members.rules.is_member judges its rows.
COPY (
    SELECT uid, 'line', line_id, opened_on, closed_on, joined_on, withdrawn_on FROM members_line
    UNION ALL
    SELECT uid, 'account', account_id, NULL, NULL, joined_on, withdrawn_on FROM members_account
) TO STDOUT (FORMAT csv)

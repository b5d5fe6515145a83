-- Members who are none any more on a day: line closed or withdrawn on or before it. Their points lapse.
-- A closed line whose account goes on as a member is not among them: its last points go to that account.
-- Rerun: reads only.
-- Rows at full scale: some hundred thousand a year.
-- Must equal: docs/rules/points.md, "When a line closes".
COPY (
    SELECT line.uid
    FROM members_line AS line
    LEFT JOIN members_account AS account ON account.account_id = line.continued_by_id
    WHERE line.withdrawn_on <= %(as_of)s
        OR (line.closed_on <= %(as_of)s AND (account.account_id IS NULL OR account.withdrawn_on <= %(as_of)s))
    UNION ALL
    SELECT uid FROM members_account WHERE withdrawn_on <= %(as_of)s
) TO STDOUT (FORMAT csv)

-- Members who are none any more on a day: line closed or withdrawn on or before it. Their points lapse.
-- Rerun: reads only.
-- Rows at full scale: some hundred thousand a year.
-- Must equal: docs/rules/points.md, "When a line closes".
COPY (
    SELECT uid FROM members_line WHERE closed_on <= %(as_of)s OR withdrawn_on <= %(as_of)s
    UNION ALL
    SELECT uid FROM members_account WHERE withdrawn_on <= %(as_of)s
) TO STDOUT (FORMAT csv)

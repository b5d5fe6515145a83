-- An entry for each part that comes back, and two more that sum to zero where it pays what the wallet owes.
-- Rerun: the key of posting and line.
-- Rows at full scale: 20 thousand.
-- Must equal: points_credit.
INSERT INTO points_entry (
    wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, booked_at
)
SELECT wallet_id, posting_id, 3 * line - 2, %(on)s::date, kind, uses, lapses_on, points, 'reverse', %(now)s::timestamptz
FROM points_back
UNION ALL
SELECT wallet_id, posting_id, 3 * line - 1, %(on)s, kind, uses, lapses_on, -netted, 'net', %(now)s
FROM points_back WHERE netted > 0
UNION ALL
SELECT wallet_id, posting_id, 3 * line, %(on)s, 'arrears', '', '9999-12-31', netted, 'net', %(now)s
FROM points_back WHERE netted > 0

-- What wallets in arrears got goes from the lot to what they owe: two entries that sum to zero.
-- Rerun: the key of posting and line.
-- Rows at full scale: some thousand.
-- Must equal: noren.points.rules, netting.
INSERT INTO points_entry (
    wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, usage_month, booked_at
)
SELECT
    wallet_id, %(posting_id)s, 2, %(on)s::date, %(kind)s, %(uses)s, %(lapses_on)s, -points, 'net',
    %(usage_month)s::date, %(now)s::timestamptz
FROM points_netting
UNION ALL
SELECT
    wallet_id, %(posting_id)s, 3, %(on)s, 'arrears', '', '9999-12-31', points, 'net', %(usage_month)s, %(now)s
FROM points_netting

-- An entry for each part that is taken.
-- Rerun: the key of posting and line.
-- Rows at full scale: 20 thousand.
-- Must equal: the parts.
INSERT INTO points_entry (
    wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, booked_at
)
SELECT wallet_id, %(posting_id)s, line, %(on)s, kind, uses, lapses_on, -points, 'spend', %(now)s
FROM points_part

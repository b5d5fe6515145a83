-- From which lots points are taken back: first those that the usage month filled, then in the order of use.
-- A lot whose day is past still counts until it is expired. What the lots do not hold is owed. `lines`: how many lines
-- of its posting a wallet has already.
-- Rerun: into an empty scratch table.
-- Rows at full scale: some thousand.
-- Must equal: noren.points.rules.take, twice.
INSERT INTO points_taken (wallet_id, line, kind, uses, lapses_on, points)
WITH owed AS (
    SELECT wallet_id, -points AS points FROM points_delta WHERE points < 0
),
filled AS (
    SELECT DISTINCT wallet_id, kind, uses, lapses_on FROM points_filled
),
queued AS (
    SELECT
        wallet_id, lot.kind, lot.uses, lot.lapses_on, lot.remaining, owed.points AS owed,
        %(lines)s + row_number() OVER in_order AS line,
        (sum(lot.remaining) OVER in_order)::bigint - lot.remaining AS before
    FROM owed
    JOIN points_lot AS lot USING (wallet_id)
    LEFT JOIN filled USING (wallet_id, kind, uses, lapses_on)
    WHERE lot.is_open
    WINDOW in_order AS (
        PARTITION BY wallet_id
        ORDER BY filled.kind IS NULL, lot.lapses_on, lot.is_limited DESC, lot.kind, lot.uses
    )
)
SELECT wallet_id, line, kind, uses, lapses_on, least(remaining, owed - before)
FROM queued
WHERE before < owed
UNION ALL
SELECT wallet_id, %(lines)s, 'arrears', '', '9999-12-31', owed.points - coalesce(held.points, 0)
FROM owed
LEFT JOIN (
    SELECT wallet_id, sum(remaining)::bigint AS points FROM queued GROUP BY wallet_id
) AS held USING (wallet_id)
WHERE owed.points > coalesce(held.points, 0)

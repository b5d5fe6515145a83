-- In whose stead pools got points, or had them taken back, from which lots. Members pay by their ids, lots as they were
-- taken, what is owed last.
-- Rerun: the key of posting and line.
-- Rows at full scale: 200 thousand in a slice.
-- Must equal: noren.points.rules.apportion for what is taken back.
INSERT INTO points_origin (
    wallet_id, posting_id, line, origin_wallet_id, movement, earned_by, usage_month, earned_on, kind, uses, lapses_on,
    points
)
WITH given AS (
    SELECT share.place_id, share.wallet_id, share.points
    FROM points_share AS share
    JOIN points_wallet AS pool ON pool.wallet_id = share.place_id AND pool.owner_kind = 'group'
),
owed AS (
    SELECT place_id, wallet_id, since - points AS until, since
    FROM (
        SELECT *, -(sum(points) OVER (PARTITION BY place_id ORDER BY wallet_id) - points) AS since
        FROM given
        WHERE points < 0
    ) AS queued
),
taken AS (
    SELECT wallet_id AS place_id, line, kind, uses, lapses_on, until - points AS since, until
    FROM (
        SELECT *, sum(points) OVER (PARTITION BY wallet_id ORDER BY kind = 'arrears', line) AS until FROM points_taken
    ) AS queued
),
noted AS (
    SELECT
        place_id, wallet_id, 'grant' AS movement, %(kind)s AS kind, %(uses)s AS uses, %(lapses_on)s::date AS lapses_on,
        points
    FROM given
    WHERE points > 0
    UNION ALL
    SELECT
        place_id, owed.wallet_id, 'correct', kind, uses, lapses_on,
        greatest(owed.since, taken.since) - least(owed.until, taken.until)
    FROM owed JOIN taken USING (place_id)
    WHERE owed.until > taken.since AND taken.until > owed.since
)
SELECT
    place_id, %(posting_id)s, row_number() OVER (PARTITION BY place_id ORDER BY wallet_id, lapses_on, kind, uses),
    wallet_id, movement, wallet_id, %(usage_month)s::date, %(usage_month)s::date, kind, uses, lapses_on, points
FROM noted

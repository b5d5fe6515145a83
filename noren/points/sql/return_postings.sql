-- A posting for each item that is given back, with its programme's side.
-- Rerun: the ids; the caller gives back what is not given back yet.
-- Rows at full scale: 20 thousand.
-- Must equal: points_reverse for each of them.
WITH posting AS (
    INSERT INTO points_posting (
        wallet_id, posting_id, natural_key, movement, effective_on, booked_at, use, corrects, run, reason, actor, points
    )
    SELECT wallet_id, posting_id, natural_key, 'reverse', %(on)s, %(now)s, %(use)s, reversed, %(run)s, %(reason)s,
        %(actor)s, points
    FROM points_return
)
INSERT INTO points_programme_entry (wallet_id, posting_id, account, points, effective_on, booked_at)
SELECT wallet_id, posting_id, %(against)s, -points, %(on)s, %(now)s FROM points_return

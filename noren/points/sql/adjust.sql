-- Add points to a lot, or take points from lots.
-- Rerun: the key gives the answer that was given before.
-- Rows at full scale: one posting, an entry for each lot.
-- Must equal: noren.points.rules.take for points taken.
SELECT points_adjust(
    %(wallet_id)s,
    ROW(
        %(posting_id)s, %(key)s, %(request_hash)s, %(on)s, %(now)s, %(reason)s, %(actor)s
    )::points_operation,
    %(points)s,
    ROW(%(kind)s, %(is_limited)s, %(uses)s, %(lapses_on)s)::points_lot_key,
    %(allow_negative)s
)

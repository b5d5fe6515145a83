-- Give back points that were used.
-- Rerun: the key gives the answer that was given before.
-- Rows at full scale: one posting, an entry for each lot that gets points back.
-- Must equal: noren.points.rules.unwind.
SELECT points_reverse(
    %(wallet_id)s,
    ROW(
        %(posting_id)s, %(key)s, %(request_hash)s, %(on)s, %(now)s, %(reason)s, %(actor)s
    )::points_operation,
    %(reversed)s, %(points)s, %(against)s
)

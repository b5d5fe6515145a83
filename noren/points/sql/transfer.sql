-- Move points from one wallet to another.
-- Rerun: the key gives the answer that was given before.
-- Rows at full scale: two postings, two entries and one origin for each lot.
-- Must equal: noren.points.rules.take.
SELECT points_transfer(
    %(wallet_id)s,
    ROW(
        %(posting_id)s, %(key)s, %(request_hash)s, %(on)s, %(now)s, %(reason)s, %(actor)s
    )::points_operation,
    %(target_id)s, %(owner_kind)s, %(owner_id)s, %(points)s
)

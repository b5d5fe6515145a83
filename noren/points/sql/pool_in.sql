-- Move all that members can use into a pool.
-- Rerun: the key gives the answer that was given before.
-- Rows at full scale: ten thousand members, a posting for each, an entry for each lot, an origin for each month in it.
-- Must equal: noren.points.queries.holdings before, noren.points.rules.oldest.
SELECT points_pool_in(
    %(wallet_id)s,
    ROW(
        %(posting_id)s, %(key)s, %(request_hash)s, %(on)s, %(now)s, %(reason)s, %(actor)s
    )::points_operation,
    %(owner_kind)s, %(owner_id)s, %(members)s::uuid[]
)

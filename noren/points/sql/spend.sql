-- Use points of a wallet.
-- Rerun: the key gives the answer that was given before.
-- Rows at full scale: one posting, an entry for each lot that it takes from.
-- Must equal: noren.points.rules.take.
SELECT points_spend(
    %(wallet_id)s,
    ROW(
        %(posting_id)s, %(key)s, %(request_hash)s, %(on)s, %(now)s, %(reason)s, %(actor)s
    )::points_operation,
    %(points)s, %(use)s, %(budgets)s::text[], %(against)s, %(kinds)s::text[]
)

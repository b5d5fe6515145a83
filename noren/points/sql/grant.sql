-- Give points into a lot of a wallet.
-- Rerun: the key gives the answer that was given before.
-- Rows at full scale: one posting, one entry.
-- Must equal: noren.points.rules, the text at its top.
SELECT points_grant(
    %(wallet_id)s,
    ROW(
        %(posting_id)s, %(key)s, %(request_hash)s, %(on)s, %(now)s, %(reason)s, %(actor)s
    )::points_operation,
    %(owner_kind)s, %(owner_id)s,
    ROW(%(kind)s, %(is_limited)s, %(uses)s, %(lapses_on)s)::points_lot_key,
    %(points)s
)

-- Take all points of a wallet, and let what was used until now lapse when it comes back.
-- Rerun: the key gives the answer that was given before.
-- Rows at full scale: one posting, an entry for each lot.
-- Must equal: an adjustment by all that the open lots hold.
SELECT points_give_up(
    %(wallet_id)s,
    ROW(
        %(posting_id)s, %(key)s, %(request_hash)s, %(on)s, %(now)s, %(reason)s, %(actor)s
    )::points_operation
)

-- What comes back to wallets that were given up after the use lapses at once.
-- Rerun: one transaction with the postings.
-- Rows at full scale: a handful; read are the wallets that were given up.
-- Must equal: points_reverse.
SELECT points_lapse_back(given.wallet_id, ROW(
    given.posting_id, 'return/' || given.posting_id, '', %(on)s::date, %(now)s::timestamptz, %(reason)s, %(actor)s
)::points_operation)
FROM points_return AS given
JOIN points_wallet AS wallet ON wallet.wallet_id = given.wallet_id AND wallet.given_up_at IS NOT NULL
JOIN points_posting AS use
    ON use.posting_id = given.reversed AND use.wallet_id IN (given.wallet_id, %(programme)s)
    AND use.booked_at <= wallet.given_up_at

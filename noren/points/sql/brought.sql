-- What a wallet's points did in other wallets: brought there, posted there in its stead, taken back there.
-- Rerun: reads only.
-- Rows at full scale: some dozen for each member and year.
-- Must equal: the origins that name the wallet.
SELECT
    origin.wallet_id, origin.posting_id, posting.effective_on, origin.movement, origin.earned_by, origin.usage_month,
    sum(origin.points)::bigint
FROM points_origin AS origin
JOIN points_posting AS posting
    ON posting.posting_id = origin.posting_id AND posting.wallet_id IN (origin.wallet_id, %(programme)s::uuid)
WHERE origin.origin_wallet_id = %(origin_wallet_id)s
    AND (%(usage_month)s::date IS NULL OR origin.usage_month = %(usage_month)s::date)
GROUP BY
    origin.wallet_id, origin.posting_id, posting.effective_on, posting.booked_at, origin.movement, origin.earned_by,
    origin.usage_month
ORDER BY posting.effective_on, posting.booked_at, origin.posting_id, origin.movement, origin.usage_month

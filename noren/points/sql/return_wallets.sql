-- Put what comes back into the wallets.
-- Rerun: one transaction with the postings.
-- Rows at full scale: 20 thousand.
-- Must equal: points = the sum of entries.
UPDATE points_wallet AS wallet SET points = wallet.points + back.points, arrears = wallet.arrears - back.netted
FROM (
    SELECT wallet_id, sum(points)::bigint AS points, sum(netted)::bigint AS netted FROM points_back GROUP BY wallet_id
) AS back
WHERE wallet.wallet_id = back.wallet_id

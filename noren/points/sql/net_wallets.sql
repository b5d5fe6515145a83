-- Wallets in arrears owe less by what was netted.
-- Rerun: one transaction with the slice's posting, which is booked once.
-- Rows at full scale: some thousand.
-- Must equal: noren.points.rules, netting.
UPDATE points_wallet AS wallet SET arrears = wallet.arrears - netting.points
FROM points_netting AS netting
WHERE wallet.wallet_id = netting.wallet_id

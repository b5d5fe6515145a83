-- Note what goes back to the wallets.
-- Rerun: one transaction with the answers.
-- Rows at full scale: some thousand.
-- Must equal: what refused.sql lists.
UPDATE spending_allocation AS allocation
SET returned = returned + refused.points, is_open = refused.waiting > 0
FROM spending_refused AS refused
WHERE allocation.wallet_id = refused.wallet_id AND allocation.allocation_id = refused.allocation_id AND is_open

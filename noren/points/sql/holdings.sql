-- What some wallets have and what they owe, with their open lots in the order of use.
-- Rerun: reads only.
-- Rows at full scale: a handful for each wallet asked for.
-- Must equal: noren.points.queries.balance of each wallet.
SELECT wallet.wallet_id, wallet.points, lot.kind, lot.is_limited, lot.uses, lot.lapses_on, lot.remaining
FROM points_wallet AS wallet
LEFT JOIN points_lot AS lot ON lot.wallet_id = wallet.wallet_id AND lot.is_open
WHERE wallet.wallet_id = ANY(%(wallets)s::uuid[])
ORDER BY wallet.wallet_id, lot.lapses_on, lot.is_limited DESC, lot.kind, lot.uses

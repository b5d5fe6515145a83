-- What is handed over.
-- Rerun: one transaction with the handover, whose number is its key.
-- Rows at full scale: 2 million.
-- Must equal: noren.spending.rules.pay for each member.
COPY spending_item (month, number, wallet_id, allocation_id, uid, kind, member_id, points, state, paid, reason) FROM STDIN WITH (FORMAT csv)

-- Who earned the points that came into wallets before this was kept: whoever brought them, on the day of the posting.
UPDATE points_origin AS origin SET earned_by = origin.origin_wallet_id, earned_on = posting.effective_on
FROM points_posting AS posting
WHERE posting.wallet_id = origin.wallet_id AND posting.posting_id = origin.posting_id;

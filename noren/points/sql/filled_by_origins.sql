-- Which lots of the pools from which points are taken back points of the usage month have come into.
-- Rerun: into a scratch table that need not be empty.
-- Rows at full scale: some thousand.
-- Must equal: the lots of the origins of that month.
INSERT INTO points_filled (wallet_id, kind, uses, lapses_on)
SELECT DISTINCT origin.wallet_id, origin.kind, origin.uses, origin.lapses_on
FROM points_origin AS origin
JOIN points_delta AS delta ON delta.wallet_id = origin.wallet_id AND delta.points < 0
JOIN points_wallet AS pool ON pool.wallet_id = origin.wallet_id AND pool.owner_kind = 'group'
WHERE origin.usage_month = %(usage_month)s AND origin.points > 0

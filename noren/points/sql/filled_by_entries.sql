-- Which lots of the wallets from which points are taken back the usage month has filled.
-- Rerun: into an empty scratch table.
-- Rows at full scale: some thousand.
-- Must equal: the lots of the grants of that month.
INSERT INTO points_filled (wallet_id, kind, uses, lapses_on)
SELECT DISTINCT entry.wallet_id, entry.kind, entry.uses, entry.lapses_on
FROM points_entry AS entry JOIN points_delta AS delta ON delta.wallet_id = entry.wallet_id AND delta.points < 0
WHERE entry.usage_month = %(usage_month)s AND entry.effective_on = ANY (%(days)s::date[])
    AND entry.movement = 'grant'

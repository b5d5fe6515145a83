-- To which lots points come back, the last taken first, behind those that came back before; and what arrears take of it.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 20 thousand, mostly of one lot each.
-- Must equal: noren.points.rules.unwind; netting as in points_credit.
INSERT INTO points_back (wallet_id, posting_id, line, kind, uses, lapses_on, points, netted)
WITH taken AS (
    SELECT given.wallet_id, given.posting_id, entry.line, entry.kind, entry.uses, entry.lapses_on,
        given.before, given.before + given.points AS until,
        (sum(-entry.points) OVER backwards + entry.points)::bigint AS part_from,
        (sum(-entry.points) OVER backwards)::bigint AS part_upto
    FROM points_return AS given
    JOIN points_entry AS entry
        ON entry.wallet_id = given.wallet_id AND entry.posting_id = given.reversed
        AND entry.effective_on = given.effective_on
        AND entry.line BETWEEN given.first_line AND given.first_line + given.lines - 1
    WINDOW backwards AS (PARTITION BY given.posting_id ORDER BY entry.line DESC)
),
back AS (
    SELECT wallet_id, posting_id, line, kind, uses, lapses_on,
        least(until, part_upto) - greatest(before, part_from) AS points
    FROM taken
    WHERE before < part_upto AND part_from < until
),
queued AS (
    SELECT back.*, wallet.arrears, (sum(points) OVER in_order)::bigint - back.points AS ahead
    FROM back JOIN (SELECT wallet_id, arrears FROM points_wallet) AS wallet USING (wallet_id)
    WINDOW in_order AS (PARTITION BY back.wallet_id ORDER BY posting_id, line DESC)
)
SELECT wallet_id, posting_id, row_number() OVER (PARTITION BY posting_id ORDER BY line DESC), kind, uses, lapses_on,
    points, least(greatest(arrears - ahead, 0), points)
FROM queued

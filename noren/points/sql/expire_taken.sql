-- Lots that lapse in the wallets that are locked: open and past their day, or of a wallet whose membership has ended.
-- Points that came for a later day cannot lapse before it: such a wallet is left to the run of that day. They are
-- counted, not joined: a join would read every entry of the months since.
-- Rerun: into an empty scratch table.
-- Rows at full scale: 200 thousand in a slice in the month after the programme year's points lapse, else few.
-- Must equal: every such lot, with all that remains in it.
INSERT INTO points_taken (wallet_id, line, kind, uses, lapses_on, points)
SELECT
    wallet_id, row_number() OVER (PARTITION BY wallet_id ORDER BY lapses_on, kind, uses), kind, uses, lapses_on,
    remaining
FROM (
    SELECT wallet_id, kind, uses, lapses_on, remaining
    FROM points_lot JOIN points_due USING (wallet_id)
    WHERE is_open AND lapses_on < %(as_of)s
        AND wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet_id < %(upper)s::uuid)
    UNION
    SELECT wallet_id, kind, uses, lapses_on, remaining
    FROM points_lot JOIN points_due USING (wallet_id) JOIN points_ended USING (wallet_id)
    WHERE is_open
        AND (
            SELECT count(*) FROM points_entry AS later
            WHERE later.wallet_id = points_ended.wallet_id AND later.effective_on > %(as_of)s
        ) = 0
        AND wallet_id >= %(lower)s AND (%(upper)s::uuid IS NULL OR wallet_id < %(upper)s::uuid)
) AS due

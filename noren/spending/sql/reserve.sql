-- A reservation that waits.
-- Rerun: refused by the primary key; the caller's transaction decides.
-- Rows at full scale: one.
-- Must equal: noren.spending.queries.ReservationRow of what was asked, nothing captured or given back.
INSERT INTO spending_reservation (
    wallet_id, reservation_id, use, reference, scope, points, captured, given_back, state, expires_at, made_by, made_at
) VALUES (
    %(wallet_id)s, %(reservation_id)s, %(use)s, %(reference)s, %(scope)s, %(points)s, 0, 0, 'waiting', %(expires_at)s,
    %(made_by)s, %(made_at)s
)

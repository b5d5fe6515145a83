-- The programme's side of a posting of a run.
-- Rerun: the key of posting and account.
-- Rows at full scale: one for each slice.
-- Must equal: the points that the wallets get, with the other sign.
INSERT INTO points_programme_entry (wallet_id, posting_id, account, points, effective_on, booked_at)
VALUES (%(programme)s, %(posting_id)s, %(account)s, %(points)s, %(on)s, %(now)s)

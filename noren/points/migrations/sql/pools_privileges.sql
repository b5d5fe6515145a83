-- The use of a busy spender is changed with every use of points; in half-full pages it stays where it is.
ALTER TABLE points_budget_use SET (fillfactor = 45);

-- Limits are settings and may go; their use is a sum, as wallets and lots are.
GRANT SELECT, INSERT, UPDATE, DELETE ON points_budget TO noren_app;
GRANT SELECT, INSERT, UPDATE ON points_budget_use TO noren_app;

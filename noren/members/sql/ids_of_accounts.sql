-- The ids of all accounts, for the check of what refers to them.
-- Rerun: reads only.
-- Rows at full scale: 12 million.
-- Must equal: the table.
COPY (SELECT account_id FROM members_account) TO STDOUT (FORMAT csv, FORCE_QUOTE (account_id))

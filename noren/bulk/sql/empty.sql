-- Take away what was judged before in the same transaction.
-- Rerun: nothing is left.
-- Rows at full scale: some thousand.
-- Must equal: nothing.
TRUNCATE bulk_wanted, bulk_fact, bulk_judged

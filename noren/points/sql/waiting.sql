-- What stands on an account of the programme.
-- Rerun: reads only.
-- Rows at full scale: one; read are the rows of the account.
-- Must equal: the sum of its rows.
SELECT coalesce(sum(points), 0)::bigint FROM points_programme_entry WHERE account = %(account)s

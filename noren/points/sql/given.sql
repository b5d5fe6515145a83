-- What the programme's accounts have given and not got back, up to a day.
-- Rerun: reads only.
-- Rows at full scale: one, from some hundred batches and an entry for each single operation.
-- Must equal: what the lots hold, less arrears, at the end of the day.
SELECT coalesce(-sum(points), 0)::bigint FROM points_programme_entry WHERE effective_on <= %(on)s

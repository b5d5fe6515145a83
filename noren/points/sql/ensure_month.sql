-- Have the partition of entries for the day's month.
-- Rerun: harmless, what is there stays.
-- Rows at full scale: none; twelve partitions a year.
-- Must equal: noren.kit.months.first_day.
SELECT points_ensure_month(%(day)s)

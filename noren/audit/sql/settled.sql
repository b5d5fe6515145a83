-- From which transaction on rows may be waiting for their link, and the one up to which all have ended by now.
-- Rerun: reads only.
-- Rows at full scale: one.
-- Must equal: the mark, or 0 where it is of another server (a restored dump), whose transactions count otherwise.
SELECT
    CASE WHEN settled > pg_snapshot_xmin(pg_current_snapshot()) THEN '0' ELSE settled::text END AS since,
    pg_snapshot_xmin(pg_current_snapshot())::text AS until
FROM audit_mark

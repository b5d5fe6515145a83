-- Rows without a link: how many in all, how many of them are older than the sealer needs, and the first of those.
-- Rerun: reads only.
-- Rows at full scale: all that was ever written is looked at, and almost none is found.
-- Must equal: docs/rules/audit.md, "What verify finds".
WITH alone AS (
    SELECT record_id, booked_at, act, subject
    FROM audit_record AS written
    WHERE NOT EXISTS (SELECT FROM audit_link WHERE audit_link.record_id = written.record_id)
)
SELECT
    (SELECT count(*) FROM alone),
    (SELECT count(*) FROM alone WHERE booked_at < %(before)s),
    ARRAY(
        SELECT record_id::text FROM alone WHERE booked_at < %(before)s ORDER BY booked_at, record_id LIMIT %(most)s
    )

-- Rows that are committed and not linked yet, in the order in which they were written, each as the line that is hashed.
-- Rerun: reads only.
-- Rows at full scale: those of the last second; 200,000 at most.
-- Must equal: the line of chain.sql, letter by letter.
SELECT
    record_id,
    ROW(
        record_id, place, entered, (extract(epoch FROM booked_at) * 1000000)::bigint, actor, act, subject, scope,
        reason, detail, before, after
    )::text
FROM audit_record AS written
WHERE entered >= %(since)s::xid8
    AND NOT EXISTS (SELECT FROM audit_link WHERE audit_link.record_id = written.record_id)
ORDER BY place
LIMIT %(most)s

-- A piece of the chain: links behind a number, each with its row as the line that is hashed (null: the row is gone).
-- Rerun: reads only.
-- Rows at full scale: 20,000 at a time, of all that was ever written.
-- Must equal: the line of waiting.sql, letter by letter.
SELECT
    links.number,
    links.hash,
    links.record_id,
    CASE WHEN written.record_id IS NOT NULL THEN
        ROW(
            written.record_id, place, entered, (extract(epoch FROM booked_at) * 1000000)::bigint, actor, act, subject,
            scope, reason, detail, before, after
        )::text
    END
FROM (
    SELECT number, hash, record_id
    FROM audit_link
    WHERE number > %(behind)s
    ORDER BY number
    LIMIT %(most)s
) AS links
LEFT JOIN audit_record AS written ON written.record_id = links.record_id
ORDER BY links.number

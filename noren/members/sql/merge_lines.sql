-- Add the lines that are new and change those that differ; gives how many of each.
-- Rerun: by line_id; the same file changes nothing.
-- Rows at full scale: 12 million.
-- Must equal: docs/files.md, "Upsert".
WITH merged AS (
    INSERT INTO members_line AS known (uid, line_id, corporation_id, phone_number, service, opened_on, closed_on, joined_on, withdrawn_on)
    SELECT encode(substr(sha256(convert_to('line:' || line_id, 'UTF8')), 1, 16), 'hex')::uuid, line_id, corporation_id, phone_number, service, opened_on, closed_on, joined_on, withdrawn_on FROM staged_lines ORDER BY line_id
    ON CONFLICT (line_id) DO UPDATE SET
        corporation_id = excluded.corporation_id,
        phone_number = excluded.phone_number,
        service = excluded.service,
        opened_on = excluded.opened_on,
        closed_on = excluded.closed_on,
        joined_on = excluded.joined_on,
        withdrawn_on = excluded.withdrawn_on
    WHERE (known.corporation_id, known.phone_number, known.service, known.opened_on, known.closed_on, known.joined_on, known.withdrawn_on)
        IS DISTINCT FROM (excluded.corporation_id, excluded.phone_number, excluded.service, excluded.opened_on, excluded.closed_on, excluded.joined_on, excluded.withdrawn_on)
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged

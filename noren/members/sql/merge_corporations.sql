-- Add the corporations that are new and change those that differ; gives how many of each.
-- Rerun: by corporation_id; the same file changes nothing.
-- Rows at full scale: 1 million.
-- Must equal: docs/files.md, "Upsert".
WITH merged AS (
    INSERT INTO members_corporation AS known (corporation_id, corporate_number, name, name_kana, kind)
    SELECT corporation_id, corporate_number, name, name_kana, kind FROM staged_corporations ORDER BY corporation_id
    ON CONFLICT (corporation_id) DO UPDATE SET
        corporate_number = excluded.corporate_number,
        name = excluded.name,
        name_kana = excluded.name_kana,
        kind = excluded.kind
    WHERE (known.corporate_number, known.name, known.name_kana, known.kind)
        IS DISTINCT FROM (excluded.corporate_number, excluded.name, excluded.name_kana, excluded.kind)
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged

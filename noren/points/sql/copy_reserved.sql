-- What each wish got: points, and the lines of the posting that hold them.
-- Rerun: reads only.
-- Rows at full scale: 20 thousand.
-- Must equal: the parts.
COPY (
    SELECT item_id, sum(points)::bigint, min(line), count(*) FROM points_part GROUP BY item_id ORDER BY item_id
) TO STDOUT WITH (FORMAT csv)

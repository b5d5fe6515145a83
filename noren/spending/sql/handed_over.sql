-- What was handed over for the bills of a month: what is paid of it, or may still be.
-- Rerun: reads only.
-- Rows at full scale: 2 million.
-- Must equal: the items.
COPY (
    SELECT uid, sum(CASE state WHEN 'sent' THEN points ELSE paid END)::bigint
    FROM spending_item WHERE month = %(month)s GROUP BY uid
) TO STDOUT WITH (FORMAT csv)

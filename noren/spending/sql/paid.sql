-- What points have paid of the bills of a month, by member.
-- Rerun: reads only.
-- Rows at full scale: 2 million.
-- Must equal: the items that are confirmed or reduced.
COPY (
    SELECT uid, sum(paid)::bigint FROM spending_item WHERE month = %(month)s AND paid > 0 GROUP BY uid ORDER BY uid
) TO STDOUT WITH (FORMAT csv)

-- What an answer moves from the clearing account of each handover: what was sent, what is paid of it, and what is
-- neither paid nor refused.
-- Rerun: reads only.
-- Rows at full scale: one for each handover that is answered.
-- Must equal: the items that are settled now.
SELECT month, number, sum(points)::bigint, sum(paid)::bigint,
    coalesce(sum(points - paid) FILTER (WHERE state <> 'refused'), 0)::bigint
FROM spending_settled
GROUP BY month, number ORDER BY month, number

-- What the standing allocations wish for a month and were not asked for yet, those of a wallet in the order of application.
-- A wallet that may no longer pay the bill of the member is left out. Those of members whose bills are overdue are given
-- by themselves.
-- Rerun: what was asked for is not among them, whether it got points or none.
-- Rows at full scale: 2 million.
-- Must equal: noren.points.actions.reserve_slice, `wishes`; noren.spending.actions.applying, who may pay.
COPY (
    SELECT standing_id, wallet_id,
        row_number() OVER (PARTITION BY wallet_id ORDER BY points IS NULL, standing.made_at, standing_id), points
    FROM spending_standing AS standing
    LEFT JOIN groups_member AS member ON member.member_uid = standing.uid AND member.left_at IS NULL
    LEFT JOIN groups_group AS its ON its.group_id = member.group_id AND its.state = 'active'
    WHERE standing.ended_at IS NULL AND since <= %(month)s AND (until IS NULL OR until >= %(month)s)
        AND NOT EXISTS (
            SELECT FROM spending_allocation AS done
            WHERE done.wallet_id = standing.wallet_id
                AND done.allocation_id = spending_allocation_id(standing.standing_id, %(month)s)
        )
        AND %(overdue)s = (standing.uid IN (
            SELECT uid FROM members_line JOIN spending_overdue ON kind = 'line' AND id = line_id
            UNION ALL
            SELECT uid FROM members_account JOIN spending_overdue ON kind = 'account' AND id = account_id
            UNION ALL
            SELECT uid FROM members_line JOIN spending_overdue ON kind = 'corporation' AND id = corporation_id
            UNION ALL
            SELECT uid FROM members_account JOIN spending_overdue ON kind = 'corporation' AND id = corporation_id
        ))
        AND CASE
            WHEN its.group_id IS NOT NULL AND member.is_pooled THEN wallet_id = its.group_id
            ELSE wallet_id = standing.uid OR coalesce(wallet_id = its.group_id, false) OR EXISTS (
                SELECT FROM accounts_linked_line AS linked JOIN members_account AS owner USING (account_id)
                WHERE standing.kind = 'line' AND linked.line_id = standing.member_id AND linked.unlinked_at IS NULL
                    AND owner.uid = wallet_id
            )
        END
    ORDER BY 2, 3
) TO STDOUT WITH (FORMAT csv)

-- An account as a member and some lines, with the corporation and the solution contracts of each.
-- Rerun: reads only.
-- Rows at full scale: one for each contract of those asked for, or one for each without.
-- Must equal: noren.members.queries.Profile.
SELECT
    member.kind, member.uid, member.member_id, member.corporation_id, corporation.name, corporation.kind,
    member.phone_number, member.service, member.opened_on, member.closed_on, member.joined_on, member.withdrawn_on,
    member.contract_id, member.solution, member.started_on, member.ended_on
FROM (
    SELECT
        'account' AS kind, account.uid, account.account_id AS member_id, account.corporation_id, '' AS phone_number,
        '' AS service, NULL::date AS opened_on, NULL::date AS closed_on, account.joined_on, account.withdrawn_on,
        contract.contract_id, contract.solution, contract.started_on, contract.ended_on
    FROM members_account AS account
    LEFT JOIN members_contract AS contract ON contract.account_id = account.account_id
    WHERE account.account_id = %(account_id)s::text
    UNION ALL
    SELECT
        'line', line.uid, line.line_id, line.corporation_id, line.phone_number,
        line.service, line.opened_on, line.closed_on, line.joined_on, line.withdrawn_on,
        contract.contract_id, contract.solution, contract.started_on, contract.ended_on
    FROM members_line AS line
    LEFT JOIN members_contract AS contract ON contract.line_id = line.line_id
    WHERE line.line_id = ANY(%(line_ids)s::text[])
) AS member
JOIN members_corporation AS corporation ON corporation.corporation_id = member.corporation_id
ORDER BY member.kind, member.member_id, member.started_on, member.contract_id

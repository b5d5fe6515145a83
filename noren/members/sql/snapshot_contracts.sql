-- Every solution contract with the uid of its line or account.
-- Rerun: reads only.
-- Rows at full scale: 5 million.
-- Must equal: the table; noren.stages.rules.facts_of judges its rows.
COPY (
    SELECT coalesce(line.uid, account.uid), contract_id, solution, started_on, ended_on
    FROM members_contract AS contract
    LEFT JOIN members_line AS line ON line.line_id = contract.line_id
    LEFT JOIN members_account AS account ON account.account_id = contract.account_id
) TO STDOUT (FORMAT csv)

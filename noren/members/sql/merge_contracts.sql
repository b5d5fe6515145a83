-- Add the contracts that are new and change those that differ; gives how many of each.
-- Rerun: by contract_id; the same file changes nothing.
-- Rows at full scale: 5 million.
-- Must equal: docs/files.md, "Upsert".
WITH merged AS (
    INSERT INTO members_contract AS known (contract_id, corporation_id, line_id, account_id, solution, started_on, ended_on)
    SELECT contract_id, corporation_id, line_id, account_id, solution, started_on, ended_on FROM staged_contracts ORDER BY contract_id
    ON CONFLICT (contract_id) DO UPDATE SET
        corporation_id = excluded.corporation_id,
        line_id = excluded.line_id,
        account_id = excluded.account_id,
        solution = excluded.solution,
        started_on = excluded.started_on,
        ended_on = excluded.ended_on
    WHERE (known.corporation_id, known.line_id, known.account_id, known.solution, known.started_on, known.ended_on)
        IS DISTINCT FROM (excluded.corporation_id, excluded.line_id, excluded.account_id, excluded.solution, excluded.started_on, excluded.ended_on)
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged

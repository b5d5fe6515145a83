-- Judge the rows of a job that changes people's data and login ids.
-- Rerun: reads only the tables of others.
-- Rows at full scale: 100,000 against 6 million accounts, each by an index.
-- Must equal: noren.bulk.rules.judge for Operation.CHANGE.
INSERT INTO bulk_judged (number, account_id, reasons, changes)
WITH told AS (
    SELECT fact.*, account.state, to_jsonb(account) AS now,
        other.account_id IS NOT NULL OR fact.given ? 'login_key' AND fact.number > min(fact.number) FILTER (
            WHERE fact.account_id IS NOT NULL
        ) OVER (PARTITION BY fact.given ->> 'login_key') AS login_taken
    FROM bulk_fact AS fact
    LEFT JOIN accounts_account AS account ON account.account_id = fact.account_id
    LEFT JOIN accounts_account AS other
        ON other.login_key = fact.given ->> 'login_key' AND other.account_id <> fact.account_id
),
judged AS (
    SELECT told.*, CASE
        WHEN account_id IS NULL THEN ARRAY['account:account.unknown']
        WHEN earlier THEN ARRAY['account:duplicate']
        WHEN above THEN ARRAY['account:account.above']
        ELSE array_remove(ARRAY[
            CASE WHEN state = 'abolished' THEN 'account:account.state' END,
            CASE WHEN login_taken THEN 'new_login_id:login.taken' END
        ], NULL)
    END AS reasons
    FROM told
)
SELECT number, coalesce(account_id, ''), to_jsonb(reasons), CASE WHEN reasons = '{}' THEN coalesce((
    SELECT jsonb_object_agg(wished.field, jsonb_build_array(now ->> wished.field, wished.value))
    FROM (
        SELECT CASE field WHEN 'new_login_id' THEN 'login_id' ELSE field END AS field, value
        FROM jsonb_each_text(given) AS cell (field, value) WHERE field = 'new_login_id' OR field = ANY(%(person)s::text[])
    ) AS wished
    WHERE now ->> wished.field <> wished.value
), '{}') ELSE '{}' END
FROM judged

-- Judge the rows of a job that locks, unlocks or abolishes.
-- Rerun: reads only the tables of others.
-- Rows at full scale: 100,000 against 6 million accounts, each by an index.
-- Must equal: noren.bulk.rules.judge for Operation.LOCK, UNLOCK and ABOLISH.
INSERT INTO bulk_judged (number, account_id, reasons, changes)
WITH told AS (
    SELECT fact.*, account.state, %(target)s = 'abolished' AND EXISTS (
        SELECT FROM groups_holder AS holder
        WHERE holder.account_id = fact.account_id AND holder.role = 'representative'
    ) AS represents, administers.corporation_id AS administers
    FROM bulk_fact AS fact
    LEFT JOIN accounts_account AS account ON account.account_id = fact.account_id
    LEFT JOIN groups_holder AS administers
        ON administers.account_id = fact.account_id AND administers.role = 'administrator'
        AND %(target)s = 'abolished'
),
judged AS (
    SELECT told.*, CASE
        WHEN account_id IS NULL THEN ARRAY['account:account.unknown']
        WHEN earlier THEN ARRAY['account:duplicate']
        WHEN above THEN ARRAY['account:account.above']
        WHEN state = %(target)s THEN '{}'
        ELSE array_remove(ARRAY[
            CASE WHEN NOT state = ANY(%(from)s::text[]) THEN 'account:account.state' END,
            CASE WHEN represents THEN 'account:group.representative' END
        ], NULL)
    END AS reasons
    FROM told
),
counted AS (
    SELECT judged.*, count(administers) FILTER (WHERE reasons = '{}') OVER (
        PARTITION BY administers ORDER BY number
    ) AS ending FROM judged
),
kept AS (
    SELECT number, account_id, state, CASE
        WHEN reasons = '{}' AND administers IS NOT NULL AND ending >= (
            SELECT count(*) FROM groups_holder AS holder
            WHERE holder.corporation_id = administers AND holder.role = 'administrator'
        ) THEN ARRAY['account:group.last_administrator']
        ELSE reasons END AS reasons
    FROM counted
)
SELECT number, coalesce(account_id, ''), to_jsonb(reasons), CASE
    WHEN reasons = '{}' AND state <> %(target)s THEN jsonb_build_object('state', jsonb_build_array(state, %(target)s::text))
    ELSE '{}' END
FROM kept

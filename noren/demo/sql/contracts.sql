-- Solution contracts. Table before: line. Variables: first_month, months.

CREATE TABLE solution AS
SELECT * FROM (VALUES
    (0, 'office_extension', 0), (1, 'device_management', 0), (2, 'device_rescue', 0),
    -- Not eligible: held by this many lines in a hundred.
    (3, 'device_insurance', 25), (4, 'bill_management', 8), (5, 'info_mail', 15)) AS held(solution, name, percent);

CREATE MACRO eligible_solutions(number) AS CASE
    WHEN below('solutions', number, 100) < 27 THEN 1
    WHEN below('solutions', number, 100) < 36 THEN 2
    WHEN below('solutions', number, 100) < 39 THEN 3
    ELSE 0 END;

CREATE TABLE contract AS
WITH held AS (
    SELECT line.number, line.opened_on, line.closed_on, solution, name, line.number * 8 + solution AS key
    FROM line, solution
    WHERE CASE WHEN solution < 3
        THEN (solution + below('which', line.number, 3)) % 3 < eligible_solutions(line.number)
        ELSE below('other', line.number * 8 + solution, 100) < percent END
),
-- One in five starts within the generated months and one in seven ends there, the others started long before.
started AS (
    SELECT *, greatest(opened_on, border('start day', key, month_after(getvariable('first_month'),
        CASE WHEN below('starts', key, 5) = 0 THEN below('start', key, getvariable('months'))
            ELSE -3 - below('start', key, 60) END))) AS started_on
    FROM held
),
ended AS (
    SELECT *, least(closed_on, CASE WHEN below('ends', key, 7) = 0 THEN border('end day', key,
        month_after(greatest(started_on, getvariable('first_month')), 1 + below('end', key, getvariable('months'))))
        END) AS ended_on
    FROM started
),
-- Some are renewed, with and without overlap: two contracts of one solution count once.
renewed AS (
    SELECT number, solution, name, 0 AS version, started_on, ended_on FROM ended
    UNION ALL
    SELECT number, solution, name, 1, greatest(started_on, ended_on - (below('overlap', key, 2) * 20)::INTEGER),
        closed_on
    FROM ended WHERE ended_on IS DISTINCT FROM closed_on AND below('renewed', key, 4) = 0
)
SELECT * FROM renewed
WHERE ended_on IS NULL OR started_on < ended_on
ORDER BY number, solution, version;

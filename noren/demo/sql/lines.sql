-- Lines. Table before: corporation. Variables: first_month, days (of all months together), plain.

-- Numbers of three prefixes, of which the next digit is never 0: 270 million, more than 2 ** 28.
CREATE MACRO mobile_number(x) AS
    ['070', '080', '090'][1 + x % 3] || (10000000 + x // 3)::VARCHAR;

-- 0AB-J numbers: ten digits with the area first, whose exchange begins with neither 0 nor 1.
CREATE MACRO fixed_number(x) AS
    ['033', '035', '036', '064', '066', '011', '022', '045', '052', '075', '078', '082', '092'][1 + x % 13]
    || (2000000 + x // 13)::VARCHAR;

CREATE MACRO day_within(topic, number) AS
    getvariable('first_month') + below(topic, number, getvariable('days'))::INTEGER;

CREATE TABLE line AS
WITH numbered AS (
    SELECT
        number AS corporation,
        unnest(range(first_line::BIGINT, (first_line + lines)::BIGINT)) AS number
    FROM corporation
),
drawn AS (
    SELECT
        corporation, number, service(number) AS service,
        -- One thing at most happens to a line in the generated months, so that its dates are in order.
        CASE WHEN getvariable('plain') THEN 'nothing'
            WHEN below('fate', number, 1000) < 40 THEN 'opens'
            WHEN below('fate', number, 1000) < 75 THEN 'closes'
            WHEN below('fate', number, 1000) < 110 THEN 'joins'
            WHEN below('fate', number, 1000) < 135 THEN 'withdraws'
            WHEN below('fate', number, 1000) < 185 THEN 'never joins'
            ELSE 'nothing' END AS fate,
        -- The square makes young lines more frequent than old ones; fixed wireless is a young service.
        1 + CASE WHEN service(number) = 'fixed_wireless' THEN below('tenure', number, 48)
            ELSE below('tenure', number, 1000) * below('tenure', number, 1000) * 330 // 1000000 END AS tenure
    FROM numbered
),
opened AS (
    SELECT
        corporation, number, service, fate,
        CASE WHEN fate = 'opens' THEN day_within('opens', number)
            ELSE month_after(getvariable('first_month'), -tenure)
                + below('day', number, 28)::INTEGER END AS opened_on
    FROM drawn
)
SELECT
    number, corporation, service, opened_on,
    CASE WHEN service = 'optical' THEN fixed_number(shuffled(number, 26))
        ELSE mobile_number(shuffled(number, 28)) END AS phone_number,
    CASE WHEN fate = 'closes' THEN day_within('closes', number) END AS closed_on,
    CASE WHEN fate = 'joins' THEN day_within('joins', number)
        WHEN fate <> 'never joins' THEN opened_on END AS joined_on,
    CASE WHEN fate = 'withdraws' THEN day_within('withdraws', number) END AS withdrawn_on
FROM opened
ORDER BY number;

-- Lines of each corporation. Tables before: weight. Variables: scale, largest, lines.

CREATE TABLE share AS
WITH given AS (
    SELECT number, scaled(weight) AS lines FROM weight
),
queued AS (
    SELECT *, row_number() OVER (ORDER BY lines >= getvariable('largest'), number) AS turn FROM given
)
SELECT
    number,
    lines + (turn <= getvariable('lines') - (SELECT sum(lines) FROM given))::BIGINT AS lines
FROM queued
ORDER BY number;

-- How large corporations are relative to each other. Variables: corporations, largest; scale, set later.

-- One over a uniform draw: half of the corporations weigh less than 2, one in a hundred more than 100.
CREATE TABLE weight AS
SELECT number, 1e6 / (1 + below('weight', number, 1000000)) AS weight
FROM range(1, getvariable('corporations')::BIGINT + 1) AS numbers(number);

-- The scale makes so many lines of a weight.
CREATE MACRO scaled(weight) AS
    least(1 + floor(weight * getvariable('scale')), getvariable('largest'))::BIGINT;

CREATE VIEW scaled_total AS SELECT sum(scaled(weight))::BIGINT FROM weight;

-- What every other file here builds on. Variables set before: seed, names (a file), charges (a file).

-- A pseudo-random whole number for each (topic, key): the same for the same seed, unrelated between topics.
-- The topic goes into the hashed number, not beside it: DuckDB combines hashes so weakly that draws of two
-- topics for one key would agree in many bits.
CREATE MACRO draw(topic, key) AS
    hash(xor(key::UBIGINT, hash(getvariable('seed')::BIGINT, topic)));

-- The draw as a number from 0 to `below` - 1.
CREATE MACRO below(topic, key, below) AS
    (draw(topic, key) % below::UBIGINT)::BIGINT;

-- A permutation of the numbers below 2 ** bits (bits <= 31): each step can be undone, so no two numbers meet.
-- It gives unique phone numbers and a random order without sorting or remembering anything.
CREATE MACRO mixed(x, factor, topic, bits) AS
    (x * factor + below(topic, bits, 1048576)) & ((1::BIGINT << bits) - 1);
CREATE MACRO folded(x, bits) AS
    xor(x, x >> ((bits + 1) // 2));
CREATE MACRO shuffled(x, bits) AS
    mixed(folded(mixed(folded(mixed(
        x::BIGINT, 1640531527, 'first', bits), bits), 1540483477, 'second', bits), bits),
        1013904223, 'third', bits);

-- The first day of the month `count` months after the month of `day`.
CREATE MACRO month_after(day, count) AS
    (date_trunc('month', day) + to_months((count)::INTEGER))::DATE;

-- The day before the first of a month, the first, or the second: where a judgement at month's end can go wrong.
CREATE MACRO border(topic, key, month) AS
    month + (below(topic, key, 3) - 1)::INTEGER;

CREATE MACRO month_index(day) AS
    year(day) * 12 + month(day) - 1;

CREATE MACRO line_id(number) AS 'L' || lpad(number::VARCHAR, 9, '0');
CREATE MACRO corporation_id(number) AS 'C' || lpad(number::VARCHAR, 8, '0');

CREATE MACRO service(number) AS CASE
    WHEN below('service', number, 100) < 80 THEN 'mobile'
    WHEN below('service', number, 100) < 90 THEN 'optical'
    WHEN below('service', number, 100) < 98 THEN 'fixed_wireless'
    ELSE 'satellite' END;

SET VARIABLE parts = (
    SELECT map(list(part), list(entries)) FROM (
        SELECT part, list({'name': name, 'kana': kana} ORDER BY name) AS entries
        FROM read_csv(getvariable('names'), header = true, all_varchar = true) GROUP BY part));

-- One of the name parts of a kind, with its reading.
CREATE MACRO part_of(kind, key) AS
    getvariable('parts')[kind][1 + below(kind, key, len(getvariable('parts')[kind]))];

CREATE TABLE charge AS
    SELECT charge, code, low, step, spread, varies, weight
    FROM read_csv(getvariable('charges'), header = true) ORDER BY charge;
SET VARIABLE charge_list = (
    SELECT list({'code': code, 'low': low, 'step': step, 'spread': spread, 'varies': varies} ORDER BY charge)
    FROM charge);
-- Each charge as often as its weight says: a draw picks one of these.
SET VARIABLE picks = (
    SELECT list(charge ORDER BY charge, nth) FROM charge, unnest(range(weight)) AS turns(nth));

-- The charge in a line's place `slot` of the bill: five that nearly all bills have, then what the line happens
-- to buy. It stays the same from month to month.
CREATE MACRO charge_of(number, slot) AS CASE
    WHEN slot = 1 THEN 1
    WHEN slot = 2 THEN 2
    WHEN slot = 3 AND service(number) <> 'optical' THEN 3
    WHEN slot = 4 AND below('discounted', number, 10) < 6 THEN 5
    WHEN slot = 5 THEN 11
    ELSE getvariable('picks')[1 + below('pick', number * 128 + slot, len(getvariable('picks')))] END;

CREATE MACRO yen_of(low, step, spread, varies, number, slot, month) AS
    low + step * below('yen', (number * 128 + slot)
        + CASE WHEN varies THEN month_index(month) * 1099511627776 ELSE 0 END, spread);

CREATE MACRO item_id(number, slot, month) AS
    strftime(month, '%Y-%m') || '-' || lpad(number::VARCHAR, 9, '0') || '-' || lpad(slot::VARCHAR, 2, '0');

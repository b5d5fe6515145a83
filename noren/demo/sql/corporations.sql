-- Corporations with their names. Table before: share (number, lines).

-- Base numbers begin with 9, a registry code that no office has, so that no real corporation is named.
CREATE MACRO base_number(number) AS
    '9' || lpad(shuffled(number, 31)::VARCHAR, 11, '0');

-- The check digit stands first: 9 - (sum of digits, those at even places from the right twice) mod 9.
CREATE MACRO with_check_digit(base) AS
    (9 - list_sum([substr(base, 13 - n, 1)::BIGINT * (2 - n % 2) FOR n IN range(1, 13)]) % 9)::BIGINT::VARCHAR
    || base;

CREATE TABLE corporation AS
WITH drawn AS (
    SELECT
        number, lines,
        CASE
            WHEN below('kind', number, 100) < 4 THEN 'government'
            WHEN below('kind', number, 100) < 40 AND lines <= 3 THEN 'sole_proprietor'
            ELSE 'corporation' END AS kind,
        below('pattern', number, 3) AS pattern,
        below('form', number, 20) AS form,
        part_of('place', number) AS place,
        part_of('word', number) AS word,
        part_of('trade', number) AS trade,
        part_of('shop', number) AS shop,
        part_of('municipality', number) AS municipality,
        part_of('office', number) AS office,
        part_of('family', number) AS family,
        part_of('given', number) AS given
    FROM share
),
parted AS (
    SELECT
        number, lines, kind, form,
        CASE
            WHEN kind = 'sole_proprietor'
                THEN [word, shop, {'name': ' ', 'kana': ' '}, family, given]
            WHEN kind = 'government' AND pattern = 0 THEN [place, municipality]
            WHEN kind = 'government' THEN [place, municipality, office]
            -- Each name has an invented place: a word and a trade alone could be somebody's.
            WHEN pattern = 0 THEN [place, trade]
            ELSE [place, word, trade] END AS parts
    FROM drawn
)
SELECT
    number, lines, kind,
    CASE
        WHEN kind = 'sole_proprietor' OR kind = 'government' AND below('numbered', number, 2) = 0 THEN NULL
        ELSE with_check_digit(base_number(number)) END AS corporate_number,
    CASE WHEN kind <> 'corporation' THEN '' WHEN form < 9 THEN '株式会社' WHEN form < 11 THEN '有限会社'
        WHEN form < 13 THEN '合同会社' ELSE '' END
    || list_aggregate([part.name FOR part IN parts], 'string_agg', '')
    || CASE WHEN kind <> 'corporation' OR form < 13 THEN '' WHEN form < 18 THEN '株式会社'
        ELSE '有限会社' END AS name,
    list_aggregate([part.kana FOR part IN parts], 'string_agg', '') AS name_kana,
    1 + sum(lines) OVER (ORDER BY number) - lines AS first_line
FROM parted
ORDER BY number;

-- Employees of corporations: one at least, and one for every fourth line. Tables before: corporation, line.

CREATE TABLE person AS
SELECT
    line.number, corporation.number AS corporation, corporation.kind,
    part_of('department', line.number) AS department,
    part_of('title', line.number) AS title,
    part_of('family', line.number) AS family,
    part_of('given', line.number) AS given
FROM line JOIN corporation ON line.corporation = corporation.number
WHERE line.number = corporation.first_line OR below('has person', line.number, 4) = 0
ORDER BY line.number;

-- The files as others read them: columns, ids and order. Tables before: corporation, line, contract, person.

CREATE VIEW corporations_file AS
SELECT corporation_id(number) AS corporation_id, corporate_number, name, name_kana, kind
FROM corporation
ORDER BY number;

CREATE VIEW lines_file AS
SELECT
    line_id(number) AS line_id, corporation_id(corporation) AS corporation_id, phone_number, service,
    opened_on, closed_on, joined_on, withdrawn_on
FROM line
ORDER BY number;

CREATE VIEW contracts_file AS
SELECT
    'S' || lpad(contract.number::VARCHAR, 9, '0') || '-' || (solution + 1) || (version + 1) AS contract_id,
    corporation_id(line.corporation) AS corporation_id, line_id(contract.number) AS line_id,
    NULL::VARCHAR AS account_id, name AS solution, started_on, ended_on
FROM contract JOIN line ON contract.number = line.number
ORDER BY contract.number, solution, version;

CREATE VIEW people_file AS
SELECT
    'P' || lpad(number::VARCHAR, 9, '0') AS person_id, corporation_id(corporation) AS corporation_id,
    CASE WHEN kind <> 'sole_proprietor' THEN department.name END AS department,
    CASE WHEN kind = 'sole_proprietor' THEN '店主' ELSE title.name END AS title,
    family.name || ' ' || given.name AS name, family.kana || ' ' || given.kana AS name_kana,
    'p' || number || '@c' || corporation || '.example.jp' AS mail
FROM person
ORDER BY number;

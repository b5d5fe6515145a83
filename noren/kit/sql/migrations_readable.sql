-- The application may see which migrations were applied, to tell whether its tables are current.
-- Rerun: harmless.
-- Rows at full scale: none.
-- Must equal: docs/operations.md, "Roles".
GRANT SELECT ON django_migrations TO noren_app

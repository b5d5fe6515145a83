-- The role that the application acts as, and the owner's right to act as it.
-- Rerun: harmless, what is there stays.
-- Rows at full scale: none.
-- Must equal: docs/operations.md, "Roles".
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'noren_app') THEN
        CREATE ROLE noren_app;
        EXECUTE format('GRANT noren_app TO %I', current_user);
    ELSIF NOT pg_has_role(current_user, 'noren_app', 'MEMBER') THEN
        EXECUTE format('GRANT noren_app TO %I', current_user);
    END IF;
END
$$

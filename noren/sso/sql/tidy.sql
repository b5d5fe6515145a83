-- Remove what has expired.
-- Rerun: harmless.
-- Rows at full scale: what came in the last minutes, by index.
-- Must equal: nothing that could still count is removed.
WITH seen AS (DELETE FROM sso_seen WHERE expires_at < %(now)s),
    devices AS (DELETE FROM sso_device WHERE expires_at < %(now)s - interval '1 day')
DELETE FROM sso_pushed WHERE expires_at < %(now)s

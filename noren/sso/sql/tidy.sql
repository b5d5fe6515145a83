-- Remove what has expired; of grants what nobody can use any more since a week.
-- Rerun: harmless.
-- Rows at full scale: what came in the last minutes, by index; grants by a scan of the table.
-- Must equal: nothing that could still count is removed. A token of a grant that is gone is as good as revoked. A device
-- goes before its grant, which it refers to.
WITH seen AS (DELETE FROM sso_seen WHERE expires_at < %(now)s),
    devices AS (DELETE FROM sso_device WHERE expires_at < %(now)s - interval '1 day'),
    pushed AS (DELETE FROM sso_pushed WHERE expires_at < %(now)s),
    calls AS (DELETE FROM sso_call WHERE made_at < %(now)s - %(answer_life)s::interval)
DELETE FROM sso_grant
WHERE greatest(made_at, code_expires_at, refresh_expires_at) < %(now)s - interval '7 days'
    OR revoked_at < %(now)s - interval '7 days'

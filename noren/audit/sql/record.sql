-- One row: who did what, to what, whose it is, why, and what was before and after.
-- Rerun: adds another row; the caller's transaction decides.
-- Rows at full scale: one.
-- Must equal: noren.audit.actions.record_many with one entry.
INSERT INTO audit_record (record_id, booked_at, actor, act, subject, detail, scope, reason, before, after)
VALUES (
    %(record_id)s, %(now)s, %(actor)s, %(act)s, %(subject)s, %(detail)s::jsonb, %(scope)s, %(reason)s,
    %(before)s::jsonb, %(after)s::jsonb
)

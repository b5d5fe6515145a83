-- Many rows at once, sent by the client.
-- Rerun: adds them again; the caller's transaction decides.
-- Rows at full scale: 100,000, the rows of a bulk job.
-- Must equal: record.sql for each of them.
COPY audit_record (booked_at, actor, act, subject, detail, scope, reason, before, after) FROM STDIN

-- Many messages at once, sent by the client.
-- Rerun: adds them again; the caller's transaction decides.
-- Rows at full scale: 100,000, the invitations of a bulk job.
-- Must equal: noren.outbox.actions.mail for each of them.
COPY outbox_message (message_id, channel, recipient, subject, body, made_at, due_at, tries, error) FROM STDIN

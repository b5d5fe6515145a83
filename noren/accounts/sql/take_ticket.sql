-- Use a ticket up: an invitation, a letter, an emergency lock. It succeeds once.
-- Rerun: a used ticket gives no row.
-- Rows at full scale: one of some million.
-- Must equal: peek_ticket.sql, which reads whether this would succeed.
UPDATE accounts_ticket AS ticket
SET used_at = %(now)s
FROM accounts_account AS account
WHERE ticket.token_hash = %(token_hash)s
    AND ticket.purpose = %(purpose)s
    AND ticket.used_at IS NULL
    AND ticket.revoked_at IS NULL
    AND ticket.expires_at > %(now)s
    AND account.account_id = ticket.account_id
    AND account.state = ANY(%(states)s)
    AND (ticket.address = '' OR ticket.address = account.contact_mail)
RETURNING account.account_id, ticket.address

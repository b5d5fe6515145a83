-- Whose ticket it is, if it can be used.
-- Rerun: reads only.
-- Rows at full scale: one of some million.
-- Must equal: take_ticket.sql, which uses it up under the same conditions.
SELECT account.account_id, ticket.address
FROM accounts_ticket AS ticket
JOIN accounts_account AS account ON account.account_id = ticket.account_id
WHERE ticket.token_hash = %(token_hash)s
    AND ticket.purpose = %(purpose)s
    AND ticket.used_at IS NULL
    AND ticket.revoked_at IS NULL
    AND ticket.expires_at > %(now)s
    AND account.state = ANY(%(states)s)
    AND (ticket.address = '' OR ticket.address = account.contact_mail)

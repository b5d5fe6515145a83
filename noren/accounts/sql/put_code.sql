-- Keep a new security code, unless one was sent to the same subject for the same purpose a moment ago.
-- Rerun: within the pause it adds nothing.
-- Rows at full scale: one of some million.
-- Must equal: docs/rules/accounts.md, "Security codes". The caller holds an advisory lock on purpose and subject.
INSERT INTO accounts_code (code_id, purpose, subject, destination, digest, made_at, expires_at, tries)
SELECT
    %(code_id)s::uuid, %(purpose)s::text, %(subject)s::text, %(destination)s::text, %(digest)s::text,
    %(now)s::timestamptz, %(expires_at)s::timestamptz, 0
WHERE NOT EXISTS (
    SELECT FROM accounts_code
    WHERE purpose = %(purpose)s AND subject = %(subject)s AND made_at > %(pause_began)s AND used_at IS NULL
)

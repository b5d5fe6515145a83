-- A grant with its authorisation code, if the account has agreed to hand over all of its scope to the partner.
-- Rerun: refused by the grant's key. Rows locked: the link's one.
-- Rows at full scale: one of each, by primary key and by the link's unique key.
-- Must equal: consent.open_grant for the same person and partner; 0 rows = the person has not agreed, or not to all.
WITH link AS (
    UPDATE sso_link SET used_at = %(now)s
    WHERE account_id = %(account_id)s AND client_id = %(client_id)s AND released_at IS NULL
        AND scopes @> to_jsonb(string_to_array(%(scope)s, ' '))
    RETURNING account_id, client_id
)
INSERT INTO sso_grant (grant_id, client_id, account_id, epoch, sid, scope, claims, subject, auth_time, acr, amr,
    methods, began_at, nonce, redirect_uri, challenge, jkt, code_hash, code_uses, code_expires_at, handle_hash,
    refresh_hash, made_at)
SELECT %(grant_id)s::uuid, client_id, account_id, %(epoch)s::int, %(sid)s::uuid, %(scope)s, %(claims)s::jsonb,
    %(subject)s, %(auth_time)s::bigint, %(acr)s, %(amr)s::jsonb, %(methods)s::jsonb,
    %(began_at)s::timestamptz, %(nonce)s, %(redirect_uri)s, %(challenge)s, %(jkt)s, %(code_hash)s, 0, %(code_expires_at)s::timestamptz, '', '', %(now)s::timestamptz
FROM link

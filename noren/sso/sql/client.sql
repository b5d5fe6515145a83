-- A partner in use.
-- Rerun: reads only.
-- Rows at full scale: one, by primary key.
-- Must equal: queries.ClientRow, column by column; no row = there is none, or it was disabled.
SELECT client_id, name, auth_method, secret_hash, jwks, redirect_uris, post_logout_redirect_uris,
    backchannel_logout_uri, scopes, grant_types, subject_type, sector, id_token_alg, require_pkce, require_par,
    require_dpop, made_at
FROM sso_client WHERE client_id = %(client_id)s AND disabled_at IS NULL

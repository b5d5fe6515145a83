-- Whether what was given on the strength of a sign-in still counts under the account's policy. Networks are the browser's.
-- Must equal: noren.accounts.policy.why_not, without Why.NETWORK. A policy without a step allows nothing.
CREATE FUNCTION accounts_policy_allows(
    its_policy text, its_account text, used jsonb, began_at timestamptz, its_sid uuid, moment timestamptz
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM accounts_policy_step AS step
        WHERE step.policy_id = its_policy
            AND step.from_at <= moment AND (step.until_at IS NULL OR moment < step.until_at)
            AND (step.methods IS NULL OR used ?| step.methods)
            AND (NOT step.second_factor OR used ?| '{passkey,totp,recovery_codes,mail,sms}')
            AND (step.session_minutes IS NULL OR moment < began_at + make_interval(mins => step.session_minutes))
            AND (step.devices IS NULL OR step.devices > (
                SELECT count(*)
                FROM accounts_session AS its JOIN accounts_session AS newer
                    ON newer.account_id = its.account_id AND newer.auth_hash = its.auth_hash
                    AND newer.expire_date > moment
                    AND (newer.started_at, newer.session_key) > (its.started_at, its.session_key)
                WHERE its.sid = its_sid AND its.account_id = its_account
            ))
    )
$$;

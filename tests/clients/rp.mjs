// Drives a provider with openid-client, a certified relying party, step by step.
// Called with what it needs to know as JSON. Says one JSON object a line: {"step": NAME} after each step that held,
// {"visit": URL, "until": URL} when a person has to do something, and reads where that person ended from standard input.
import * as client from 'openid-client';
import { createInterface } from 'node:readline';

const given = JSON.parse(process.argv[2]);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (what) => console.log(JSON.stringify(what));
const insecure = { execute: [client.allowInsecureRequests] };

const person = async (url, until) => {
  say({ visit: url.href ?? url, until });
  return new URL((await lines.next()).value);
};

const check = (held, what) => {
  if (!held) throw new Error(what);
};

const discover = (of, authentication) =>
  client.discovery(new URL(given.issuer), of.client_id, of.metadata, authentication, insecure);

// One authorization with PKCE, state and nonce; `pushed` sends the request ahead (PAR).
const authorize = async (config, parameters = {}, { pushed = false, options = {}, checks = {} } = {}) => {
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const request = {
    redirect_uri: given.redirect_uri,
    scope: given.scope,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  };
  const url = pushed
    ? await client.buildAuthorizationUrlWithPAR(config, request, options)
    : client.buildAuthorizationUrl(config, request);
  const landed = await person(url, given.redirect_uri);
  const expected = {
    pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true, ...checks,
  };
  return client.authorizationCodeGrant(config, landed, expected, undefined, options);
};

const steps = {
  async discovery(kept) {
    kept.config = await discover(given.basic, client.ClientSecretBasic(given.basic.client_secret));
    const server = kept.config.serverMetadata();
    for (const name of given.endpoints) check(server[name], `${name} is not in the discovery document`);
  },
  async code(kept) {
    kept.tokens = await authorize(kept.config, { max_age: 600 }, { checks: { maxAge: 600 } });
    check(kept.tokens.claims().auth_time > 0, 'the ID token lacks auth_time');
    check(kept.tokens.refresh_token, 'no refresh token');
  },
  async userinfo(kept) {
    const { sub } = kept.tokens.claims();
    const found = await client.fetchUserInfo(kept.config, kept.tokens.access_token, sub);
    check(found.email, 'userinfo lacks email');
  },
  async refresh(kept) {
    const fresh = await client.refreshTokenGrant(kept.config, kept.tokens.refresh_token);
    check(fresh.access_token !== kept.tokens.access_token, 'the access token is the old one');
    kept.fresh = { refresh_token: kept.tokens.refresh_token, ...fresh };
  },
  async introspect(kept) {
    const told = await client.tokenIntrospection(kept.config, kept.fresh.access_token);
    check(told.active === true && told.client_id === given.basic.client_id, JSON.stringify(told));
  },
  async revoke(kept) {
    await client.tokenRevocation(kept.config, kept.fresh.refresh_token);
    const refused = await client.refreshTokenGrant(kept.config, kept.fresh.refresh_token).catch((error) => error);
    check(refused.error === 'invalid_grant', `a revoked refresh token: ${refused.error}`);
  },
  async client_credentials(kept) {
    const own = await client.clientCredentialsGrant(kept.config);
    check(own.access_token && !own.refresh_token, 'client credentials');
  },
  async device(kept) {
    const begun = await client.initiateDeviceAuthorization(kept.config, { scope: given.scope });
    await person(begun.verification_uri_complete, '');
    const tokens = await client.pollDeviceAuthorizationGrant(kept.config, { ...begun, interval: 0.2 });
    check(tokens.claims().sub === kept.tokens.claims().sub, 'another subject');
  },
  async par(kept) {
    const tokens = await authorize(kept.config, {}, { pushed: true });
    check(tokens.claims().sub === kept.tokens.claims().sub, 'another subject');
  },
  async post(kept) {
    const config = await discover(given.post, client.ClientSecretPost(given.post.client_secret));
    check((await authorize(config)).access_token, 'client_secret_post');
  },
  async private_key_jwt_and_dpop() {
    const key = await crypto.subtle.importKey(
      'jwk', given.keyed.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'],
    );
    const config = await discover(given.keyed, client.PrivateKeyJwt({ key, kid: given.keyed.key.kid }));
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
    const tokens = await authorize(config, {}, { pushed: true, options: { DPoP } });
    check(tokens.token_type === 'dpop', tokens.token_type);
    const { sub } = tokens.claims();
    await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
    const bare = await client.fetchUserInfo(config, tokens.access_token, sub).catch((error) => error);
    check(bare instanceof Error, 'a bound token was taken without its proof');
    const fresh = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
    check(fresh.token_type === 'dpop', fresh.token_type);
  },
  async logout(kept) {
    const state = client.randomState();
    const url = client.buildEndSessionUrl(kept.config, {
      id_token_hint: kept.tokens.id_token, post_logout_redirect_uri: given.post_logout_redirect_uri, state,
    });
    const landed = await person(url, given.post_logout_redirect_uri);
    check(landed.searchParams.get('state') === state, landed.href);
    const none = await authorize(kept.config, { prompt: 'none' }).catch((error) => error);
    check(none.error === 'login_required', `prompt=none after logout: ${none.error}`);
  },
};

const kept = {};
for (const [name, step] of Object.entries(steps)) {
  try {
    await step(kept);
  } catch (error) {
    say({ failed: name, why: `${error.stack} ${JSON.stringify({ ...error, cause: error.cause }, null, 1)}` });
    process.exit(1);
  }
  say({ step: name });
}
process.exit(0);

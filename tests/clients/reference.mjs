// The reference: npm oidc-provider, in memory, with its own pages for sign-in and consent.
// Called with a port and the clients as JSON; says "ready" when it listens.
import { Provider } from 'oidc-provider';

const [port, clients] = [Number(process.argv[2]), JSON.parse(process.argv[3])];
const issuer = `http://localhost:${port}`;

const provider = new Provider(issuer, {
  clients,
  cookies: { keys: ['of the tests alone'] },
  claims: { openid: ['sub', 'sid'], email: ['email', 'email_verified'], profile: ['name'], phone:['phone_number','phone_number_verified'] },
  features: {
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: '山田花子', email: 'hanako@example.jp', email_verified: true, phone_number:'+819012345678', phone_number_verified:true }),
  }),
  issueRefreshToken: async (ctx, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('openid'),
  // It would not call a loopback address; the Apache that it tells of a logout is at one.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  pkce: { required: () => true },
});
provider.listen(port, '127.0.0.1', () => console.log('ready'));

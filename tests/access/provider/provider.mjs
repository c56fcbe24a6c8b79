// A real OpenID Connect provider for the tests: node provider.mjs PORT BACK CLIENT_ID CLIENT_SECRET AMR
// It asks for a name on a page of its own and believes whatever is typed, which no test forgets.
import Provider from "oidc-provider";

const [port, back, client_id, client_secret, amr] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id, client_secret, redirect_uris: [back], response_types: ["code"], grant_types: ["authorization_code"] }],
  pkce: { required: () => true, methods: ["S256"] },
  claims: { openid: ["sub", "amr"], profile: ["preferred_username"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["a key of a test"] },
  async findAccount(_context, sub) {
    return { accountId: sub, claims: async () => ({
      sub, preferred_username: sub.split("+")[0],
      email: `${sub}@example.org`, email_verified: true,
    }) };
  },
});
const login = provider.Session.prototype.loginAccount;
provider.Session.prototype.loginAccount = function (details) {
  return login.call(this, { ...details, amr: amr ? amr.split(",") : undefined });
};
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));

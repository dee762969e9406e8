// The identity provider of the tests: node-oidc-provider with two people, whose groups stand in a file that is read each time.
// Started as: node provider.mjs FOLDER-OF-THE-PACKAGE PORT REDIRECT-URI GROUPS-FILE
import { readFileSync } from "node:fs";

const [folder, port, redirect, groups] = process.argv.slice(2);
const { Provider } = await import(`${folder}/node_modules/oidc-provider/lib/index.js`);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "hub",
    client_secret: "a secret of the tests",
    redirect_uris: [redirect],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: `${id} Example`,
      preferred_username: id,
      groups: JSON.parse(readFileSync(groups, "utf8"))[id] ?? [],
    }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));

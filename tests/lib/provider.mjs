// The sign-in of a made-up force: a certified OpenID Connect provider on this machine, and ways of making it
// lie in the one thing that a journey is about.

import { createServer } from "node:http";
import { SignJWT, UnsecuredJWT, decodeJwt, exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

export const CLIENT = { id: "waymark", secret: "a-secret-that-is-made-up-for-the-tests" };

/** Everybody there: what is typed is also the id that never changes. */
const PEOPLE = {
  jo: { preferred_username: "jo", name: "Jo Example", groups: ["Waymark"] },
  "jo-the-second": { preferred_username: "jo", name: "Another Jo", groups: ["Waymark"] },
  sam: { preferred_username: "sam", name: "Sam Example", groups: ["Waymark", "Traffic"] },
  kim: { preferred_username: "kim", name: "Kim Example", groups: ["Traffic"] },
};

async function keyPair(kid) {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const facts = { kid, alg: "RS256", use: "sig" };
  return { kid, privateKey, secret: { ...(await exportJWK(privateKey)), ...facts }, open: { ...(await exportJWK(publicKey)), ...facts } };
}

/**
 * @param {number} port
 * @param {string} waymark address of the Waymark that people come back to
 */
export async function provider(port, waymark) {
  const issuer = `http://localhost:${port}`;
  const [key, other] = await Promise.all([keyPair("one"), keyPair("two")]);
  const state = { lie: null, hold: false, known: [key] };

  const signed = (claims, by, alg = "RS256") =>
    new SignJWT(claims).setProtectedHeader({ alg, kid: by.kid }).sign(by.privateKey);
  /** Each is what goes out in place of a true token. */
  const lies = {
    "wrong nonce": (claims) => signed({ ...claims, nonce: "another" }, key),
    "no nonce": ({ nonce: _, ...claims }) => signed(claims, key),
    "other issuer": (claims) => signed({ ...claims, iss: "http://localhost:1" }, key),
    "other audience": (claims) => signed({ ...claims, aud: "another-service" }, key),
    "further audience": (claims) => signed({ ...claims, aud: [CLIENT.id, "another-service"] }, key),
    "expired token": (claims) => signed({ ...claims, exp: claims.iat - 120, iat: claims.iat - 180 }, key),
    "token from the future": (claims) => signed({ ...claims, iat: claims.iat + 600, exp: claims.exp + 600 }, key),
    "unsigned token": (claims) => new UnsecuredJWT(claims).encode(),
    "key that is not published": (claims) => signed(claims, other),
    "signed with the shared secret": (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(CLIENT.secret)),
    "changed after signing": async (claims) => {
      const [head, , mark] = (await signed(claims, key)).split(".");
      return [head, Buffer.from(JSON.stringify({ ...claims, sub: "sam" })).toString("base64url"), mark].join(".");
    },
    "not signed in again": (claims) => signed({ ...claims, auth_time: claims.auth_time - 3600 }, key),
  };

  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${waymark}/sign-in/force/back`],
        post_logout_redirect_uris: [`${waymark}/sign-in`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    jwks: { keys: [key.secret] },
    pkce: { required: () => true },
    cookies: { keys: ["made up for the tests"] },
    conformIdTokenClaims: false,
    claims: { openid: ["sub"], profile: ["preferred_username", "name", "groups"] },
    ttl: { AuthorizationCode: () => (state.lie === "late code" ? 1 : 60), IdToken: 300, AccessToken: 300, Session: 3600, Grant: 3600, Interaction: 300 },
    findAccount: (_, id) => PEOPLE[id] && { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) },
    // Nobody is asked whether their own force may know who they are.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  });

  oidc.use(async (ctx, next) => {
    // Browsers ask for an icon that it does not have.
    if (ctx.path === "/favicon.ico") {
      ctx.status = 204;
      return;
    }
    await next();
    const route = ctx.oidc?.route;
    // Its pages would fetch a font from elsewhere.
    if (typeof ctx.body === "string") ctx.body = ctx.body.replaceAll(/@import[^;]+;/g, "");
    const to = ctx.response.get("location") ?? "";
    if (state.hold && to.startsWith(`${waymark}/sign-in/force/back`)) {
      ctx.remove("location");
      ctx.status = 200;
      ctx.type = "text";
      ctx.body = to;
    }
    if (route === "jwks") ctx.body = { keys: state.known.map((one) => one.open) };
    if (route === "token" && ctx.body?.id_token) {
      const claims = decodeJwt(ctx.body.id_token);
      if (state.lie === "new key") ctx.body = { ...ctx.body, id_token: await signed(claims, other) };
      else if (lies[state.lie]) ctx.body = { ...ctx.body, id_token: await lies[state.lie](claims) };
    }
  });

  const server = createServer(oidc.callback());
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    issuer,
    lies: Object.keys(lies),
    /** From now on it tells this lie; none for the truth. */
    lie(what) {
      state.lie = what ?? null;
    },
    /** It shows the address that people go back to, and does not send them there. */
    hold(yes) {
      state.hold = yes;
    },
    /** It publishes its second key too. */
    publishBoth() {
      state.known = [key, other];
    },
    stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}

/** Signs in on the pages of the provider, which are its own. */
export async function signInThere(page, name) {
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
}

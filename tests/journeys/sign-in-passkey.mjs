// Passkeys, with a browser's own virtual authenticator: added, used, removed, and what is refused.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { before, describe, test } from "node:test";
import { device } from "../lib/authenticator.mjs";
import { WAYS } from "../lib/browser.mjs";
import { PASSWORD, freePort, makeFirst, readChanges, serve, signIn, stranger } from "../lib/serve.mjs";
import { site } from "../lib/site.mjs";

const [, PHONE_BARE, DESK] = WAYS;

const { server, chromium } = await site(async () => serve(await freePort()));

/** What the page would have sent: the form, and the cookie it goes with. */
async function catchAnswer(visitor) {
  const { page } = visitor;
  let body;
  await page.route("**/sign-in/passkey", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    body = route.request().postData();
    return route.fulfill({ status: 204 });
  });
  await page.getByRole("button", { name: "Use your passkey" }).click();
  for (let wait = 0; wait < 100 && !body; wait += 1) await page.waitForTimeout(50);
  await page.unroute("**/sign-in/passkey");
  const cookies = await page.context().cookies();
  return { body, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
}

async function send({ body, cookie }) {
  const headers = { cookie, "content-type": "application/x-www-form-urlencoded" };
  const answer = await fetch(`${server.address}/sign-in/passkey`, { method: "POST", headers, body, redirect: "manual" });
  return { status: answer.status, text: await answer.text() };
}

async function signOut(visitor) {
  await visitor.press("Sign out");
}

async function toPasskeyPage(visitor) {
  await visitor.open(server.address);
  await visitor.follow("Sign in with a passkey");
}

describe("passkeys", () => {
  let officer;
  let phone;

  before(async () => {
    officer = await stranger(chromium, DESK, "sign-in/passkey");
    phone = await device(officer);
    await makeFirst(officer, server);
  });

  test("one is added, and shown with when it was used", async () => {
    await officer.follow(/^Supervisor Example/);
    await officer.press("Add a passkey");
    await officer.press("Add the passkey");
    assert.match(await officer.mistakes(), /Enter a name for the passkey/);
    await officer.write("What do you call it?", "Work phone");
    await officer.press("Add the passkey");
    await officer.sees("Work phone");
    await officer.sees("Last used: never");
    assert.ok(await officer.reads("Your passkey was added"));
    const keys = await phone.keys();
    assert.equal(keys.length, 1, "nothing was made while the name was missing");
    assert.equal(keys[0].isResidentCredential, true, "it names its owner by itself");
  });

  test("it signs in, and says so afterwards", async () => {
    await signOut(officer);
    await officer.follow("Sign in with a passkey");
    await officer.press("Use your passkey");
    await officer.sees("A passkey was added: Work phone, by you");
    await officer.press("I have read this");
    await officer.sees(/Hello/);
    await officer.follow(/^Supervisor Example/);
    await officer.misses("Last used: never");
    await officer.follow("Where you are signed in");
    await officer.sees("with a passkey");
    await signOut(officer);
  });

  test("somebody whose finger it is not gets no further", async () => {
    await toPasskeyPage(officer);
    await phone.verifies(false);
    await officer.page.getByRole("button", { name: "Use your passkey" }).click();
    await officer.page.getByRole("alert").filter({ hasText: "Nothing was done" }).waitFor();
    await phone.verifies(true);
  });

  test("an answer counts once", async () => {
    await toPasskeyPage(officer);
    const answer = await catchAnswer(officer);
    const first = await send(answer);
    assert.equal(first.status, 303, first.text);
    const again = await send(answer);
    assert.equal(again.status, 422);
    assert.match(again.text, /was sent twice/);
  });

  test("an answer to another challenge is refused", async () => {
    await toPasskeyPage(officer);
    const answer = await catchAnswer(officer);
    await toPasskeyPage(officer);
    const challenge = await officer.page.locator("input[name=challenge]").inputValue();
    const mixed = new URLSearchParams(answer.body);
    mixed.set("challenge", challenge);
    const seen = await send({ ...answer, body: mixed.toString() });
    assert.equal(seen.status, 422);
    assert.match(seen.text, /The passkey was not accepted/);
  });

  test("an answer that was given to another site is refused", async () => {
    // Another service on the same name: the browser would let it ask, so only the check here stands in the way.
    const elsewhere = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<title>x</title>"));
    const port = await freePort();
    await new Promise((resolve) => elsewhere.listen(port, "127.0.0.1", resolve));
    try {
      await toPasskeyPage(officer);
      const { page } = officer;
      const fields = Object.fromEntries(
        await page.locator("form[data-passkey] input").evaluateAll((all) => all.map((one) => [one.name, one.value])),
      );
      const options = await page.locator("form[data-passkey]").getAttribute("data-options");
      const cookies = await page.context().cookies();
      await page.goto(`http://localhost:${port}`);
      const answer = await page.evaluate(async (text) => {
        const bytes = (part) => Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
        const { publicKey } = JSON.parse(text);
        const made = await navigator.credentials.get({ publicKey: { ...publicKey, challenge: bytes(publicKey.challenge) } });
        return JSON.stringify(made.toJSON());
      }, options);
      const body = new URLSearchParams({ ...fields, answer }).toString();
      const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
      const seen = await send({ body, cookie });
      assert.equal(seen.status, 422);
      assert.match(seen.text, /The passkey was not accepted/);
      assert.match(server.said(), /InvalidRPOrigin|origin/i);
    } finally {
      elsewhere.closeAllConnections();
      elsewhere.close();
    }
  });

  test("a copy that lags behind is refused, and its owner is told", async () => {
    const [key] = await phone.keys();
    await phone.copy(key, 0);
    await toPasskeyPage(officer);
    await officer.press("Use your passkey");
    await officer.sees("may have been copied");
    await signIn(officer, server, "super");
    await officer.follow(/^Supervisor Example/);
    await officer.sees("A passkey that may have been copied was refused");
  });

  test("it is removed, and then opens nothing", async () => {
    await officer.press(/^Remove/);
    await officer.sees("A passkey was removed: Work phone, by you");
    assert.ok(await officer.reads("The passkey was removed"));
    await signOut(officer);
    await toPasskeyPage(officer);
    await officer.press("Use your passkey");
    await officer.sees("Waymark does not know this passkey");
  });

  test("without JavaScript the page says so and the password works", async () => {
    const visitor = await stranger(chromium, PHONE_BARE, "sign-in/passkey-bare");
    await toPasskeyPage(visitor);
    await visitor.sees("This page needs JavaScript");
    await visitor.follow("Use your password instead");
    await visitor.write("User name", "super");
    await visitor.write("Password", PASSWORD);
    await visitor.press("Sign in");
    await readChanges(visitor);
    await visitor.sees(/Hello/);
    await visitor.leave();
  });
});

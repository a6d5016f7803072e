// A Waymark that takes no passwords: the first account and everybody after it come in with a passkey, and with nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { device } from "../lib/authenticator.mjs";
import { WAYS } from "../lib/browser.mjs";
import { freePort, readChanges, serve, stranger } from "../lib/serve.mjs";
import { site } from "../lib/site.mjs";

const [PHONE, , DESK] = WAYS;

const { server, chromium } = await site(async () => serve(await freePort(), "[web.sign_in]\npasswords = false\n"));

async function addPasskey(visitor, name) {
  assert.equal(await visitor.heading(), "Add a passkey");
  await visitor.write("What do you call it?", name);
  await visitor.press("Add the passkey");
  await visitor.sees(name);
}

async function usePasskey(visitor) {
  await visitor.open(server.address);
  assert.equal(await visitor.page.getByLabel("Password").count(), 0);
  await visitor.follow("Sign in with a passkey");
  await visitor.press("Use your passkey");
  await readChanges(visitor);
  await visitor.sees(/Hello/);
}

test("with passkeys alone a supervisor begins, and an officer follows", async () => {
  const supervisor = await stranger(chromium, DESK, "without-passwords/supervisor");
  await device(supervisor);
  await supervisor.open(server.first);
  await supervisor.write("Your name", "Supervisor Example");
  await supervisor.write("Your unit", "Safeguarding");
  await supervisor.write("User name", "super");
  await supervisor.press("Make the account");
  await addPasskey(supervisor, "Blue key");
  await supervisor.press(/^Remove/);
  await supervisor.sees("This passkey is your only way in. Add another passkey first");
  await supervisor.press("Sign out");
  await usePasskey(supervisor);

  await supervisor.follow("People");
  await supervisor.press("Add somebody");
  await supervisor.write(/^Name/, "Officer Example");
  await supervisor.write("Unit", "Safeguarding");
  await supervisor.write("User name", "officer");
  await supervisor.choose("Role", /^Officer/);
  await supervisor.press("Add");
  const link = (await supervisor.page.locator("main code").innerText()).trim();

  const officer = await stranger(chromium, PHONE, "without-passwords/officer");
  await device(officer);
  await officer.open(link);
  await officer.sees("The next page adds a passkey");
  await officer.press("Sign in");
  await addPasskey(officer, "Work phone");
  await officer.press("Sign out");
  await usePasskey(officer);
  await Promise.all([supervisor.leave(), officer.leave()]);
});

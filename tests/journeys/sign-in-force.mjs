// The force's own sign-in, against a certified OpenID Connect provider on this machine: in and out, and
// everything that must not let anybody in.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { WAYS, browser } from "../lib/browser.mjs";
import { CLIENT, provider, signInThere } from "../lib/provider.mjs";
import { freePort, makeFirst, readChanges, serve, stranger } from "../lib/serve.mjs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [, , DESK, DESK_BARE] = WAYS;
const WITH_FORCE = /^Sign in with your Cloudshire account/;

let server;
let chromium;
let force;
let folder;

before(async () => {
  const [port, there] = [await freePort(), await freePort()];
  folder = await mkdtemp(join(tmpdir(), "waymark-force-"));
  const secret = join(folder, "secret");
  await writeFile(secret, `${CLIENT.secret}\n`, { mode: 0o600 });
  force = await provider(there, `http://localhost:${port}`);
  const settings = `
[web.oidc]
issuer = "${force.issuer}"
client_id = "${CLIENT.id}"
client_secret_file = "${secret}"
label = "your Cloudshire account"
make_accounts = true
allow_claim = "groups"
allow = [{ value = "Waymark", unit = "Response" }]
`;
  [server, chromium] = await Promise.all([serve(port, settings), browser()]);
  const supervisor = await stranger(chromium, DESK, "sign-in/supervisor");
  await makeFirst(supervisor, server);
  await supervisor.press("Add somebody");
  await supervisor.write("Name", "Jo Example");
  await supervisor.write("Unit", "Traffic");
  await supervisor.write("User name", "jo");
  await supervisor.choose("Role", /^Officer/);
  await supervisor.press("Add");
  // A unit that nobody is in yet has to be meant.
  await supervisor.sees("Nobody is in a unit of this name yet");
  await supervisor.choose("If it is spelt right", /^It is a new unit/);
  await supervisor.press("Add");
  await supervisor.sees("Jo Example was added");
  await supervisor.leave();
});
after(async () => {
  // All of them, also when one was never started right: a provider that goes on listening keeps the run from ending.
  await Promise.allSettled([chromium?.close(), server?.stop(), force?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** From Waymark's page to the provider's. */
async function goThere(visitor) {
  await visitor.open(server.address);
  await visitor.page.getByRole("link", { name: WITH_FORCE }).click();
  await visitor.page.locator("input[name=login]").waitFor();
}

/** All the way, as this person; then whatever page of Waymark it is. */
async function enter(visitor, name) {
  await goThere(visitor);
  await signInThere(visitor.page, name);
  await visitor.page.waitForURL((url) => url.origin === server.address);
  return visitor.heading();
}

/** As far as the address that the provider sends people back to, without going there. */
async function caught(visitor, name) {
  force.hold(true);
  await goThere(visitor);
  await signInThere(visitor.page, name);
  await visitor.page.waitForFunction(() => document.body.innerText.includes("/sign-in/force/back"));
  force.hold(false);
  return (await visitor.page.locator("body").innerText()).trim();
}

/** What a page of Waymark says under an address, whatever its status. */
async function text(visitor, address) {
  await visitor.page.goto(address);
  return visitor.page.locator("main").innerText();
}

describe("the force's own sign-in", () => {
  for (const way of [DESK, DESK_BARE]) {
    test(`in, confirmed and out again: ${way.name}`, async () => {
      const visitor = await stranger(chromium, way, "sign-in/force");
      await enter(visitor, "jo");
      await readChanges(visitor);
      await visitor.sees(/Hello, Jo Example/);
      await visitor.follow(/^Jo Example/);
      await visitor.sees("Connected");
      await visitor.sees(/Response/);
      await visitor.sees("The account was connected to the force’s own sign-in: jo");
      await visitor.follow("Where you are signed in");
      await visitor.sees("with the force’s own sign-in");
      // Confirming asks there again, however short the time since.
      await visitor.page.goto(`${server.address}/sign-in/force?next=/account`);
      await signInThere(visitor.page, "jo");
      await visitor.page.waitForURL(`${server.address}/account`);
      await visitor.press("Sign out");
      await visitor.sees("You may still be signed in with your Cloudshire account");
      await visitor.page.getByRole("link", { name: /^sign out of your Cloudshire account too/ }).click();
      await visitor.page.locator("button[name=logout]").click();
      await visitor.page.waitForURL(`${server.address}/sign-in`);
      assert.equal(await visitor.heading(), "Sign in");
      await visitor.leave();
    });
  }

  test("confirming as somebody else, or without signing in again, confirms nothing", async () => {
    const visitor = await stranger(chromium, DESK, "sign-in/force-confirm");
    await enter(visitor, "jo");
    for (const [name, lie, says] of [
      ["sam", null, /You confirmed as somebody else|a supervisor has to give it a role/],
      ["jo", "not signed in again", /could not be verified/],
    ]) {
      force.lie(lie);
      await visitor.page.goto(`${server.address}/sign-in/force?next=/account`);
      await signInThere(visitor.page, name);
      await visitor.page.waitForURL((url) => url.origin === server.address);
      assert.match(await visitor.page.locator("main").innerText(), says);
      force.lie();
    }
    await visitor.leave();
  });

  test("nobody comes in by a state that is not this browser's, or twice", async () => {
    const visitor = await stranger(chromium, DESK, "sign-in/force-state");
    const other = await stranger(chromium, DESK, "sign-in/force-other");
    const says = /begun in another browser, was used already, or took longer/;
    await other.open(server.address);
    const back = await caught(visitor, "jo");
    assert.match(await text(other, back), says);
    const wrong = new URL(back);
    wrong.searchParams.set("state", "made-up");
    assert.match(await text(visitor, wrong.href), says);
    await visitor.page.goto(back);
    await readChanges(visitor);
    await visitor.sees(/Hello, Jo/);
    await visitor.press("Sign out");
    assert.match(await text(visitor, back), says);
    await visitor.leave();
    await other.leave();
  });

  test("an answer that names another provider is refused", async () => {
    const visitor = await stranger(chromium, DESK, "sign-in/force-issuer");
    const back = new URL(await caught(visitor, "jo"));
    assert.equal(back.searchParams.get("iss"), force.issuer);
    back.searchParams.set("iss", "http://localhost:1");
    assert.match(await text(visitor, back.href), /could not be verified/);
    await visitor.leave();
  });

  test("a code that came too late is refused", async () => {
    const visitor = await stranger(chromium, DESK, "sign-in/force-late");
    force.lie("late code");
    const back = await caught(visitor, "jo");
    await visitor.page.waitForTimeout(2500);
    assert.match(await text(visitor, back), /did not let you in/);
    force.lie();
    await visitor.leave();
  });

  test("what the provider itself refuses is said in words", async () => {
    const visitor = await stranger(chromium, DESK, "sign-in/force-denied");
    const back = new URL(await caught(visitor, "jo"));
    back.searchParams.delete("code");
    back.searchParams.set("error", "access_denied");
    assert.match(await text(visitor, back.href), /did not let you in, or you turned back/);
    await visitor.leave();
  });

  test("no token but a true one is believed", async () => {
    for (const lie of force.lies.filter((name) => name !== "not signed in again")) {
      const visitor = await stranger(chromium, DESK_BARE, "sign-in/force-lie");
      force.lie(lie);
      const heading = await enter(visitor, "jo");
      assert.equal(heading, "You are not signed in", lie);
      assert.match(await visitor.page.locator("main").innerText(), /could not be verified/, lie);
      await visitor.leave();
    }
    force.lie();
  });

  test("keys are looked up again when they change", async () => {
    force.publishBoth();
    force.lie("new key");
    const visitor = await stranger(chromium, DESK, "sign-in/force-keys");
    await visitor.page.waitForTimeout(10_500);
    await enter(visitor, "jo");
    await readChanges(visitor);
    await visitor.sees(/Hello, Jo/);
    force.lie();
    await visitor.leave();
  });

  test("who may come in, and as whom", async () => {
    const supervisor = await stranger(chromium, DESK, "sign-in/force-roles");
    for (const [name, says] of [
      ["kim", /Your force has not given you access/],
      ["jo-the-second", /belongs to somebody else there/],
      ["sam", /a supervisor has to give it a role/],
    ]) {
      const visitor = await stranger(chromium, DESK_BARE, "sign-in/force-who");
      assert.equal(await enter(visitor, name), "You are not signed in", name);
      assert.match(await visitor.page.locator("main").innerText(), says, name);
      await visitor.leave();
    }
    await supervisor.open(server.address);
    await supervisor.write("User name", "super");
    await supervisor.write("Password", "heron on the weir");
    await supervisor.press("Sign in");
    await readChanges(supervisor);
    await supervisor.follow("People");
    await supervisor.sees("No role yet");
    await supervisor.follow("Sam Example");
    await supervisor.choose("Role", /^Officer/);
    await supervisor.press("Save");
    await supervisor.leave();
    const sam = await stranger(chromium, DESK, "sign-in/force-sam");
    await enter(sam, "sam");
    await sam.sees("Role or unit changed");
    await readChanges(sam);
    await sam.sees(/Hello, Sam Example/);
    await sam.leave();
  });

  test("when it cannot be reached the page says so and the password works", async () => {
    await force.stop();
    const visitor = await stranger(chromium, DESK, "sign-in/force-away");
    const back = await text(visitor, `${server.address}/sign-in/force`).catch((why) => why.message);
    // What is published is still known, so the browser is sent on and finds nobody there.
    assert.match(back, /ERR_CONNECTION_REFUSED|cannot be reached/);
    await visitor.leave();
    const other = await stranger(chromium, DESK, "sign-in/force-away-password");
    await other.open(server.address);
    await other.write("User name", "super");
    await other.write("Password", "heron on the weir");
    await other.press("Sign in");
    await readChanges(other);
    await other.sees(/Hello/);
    await other.leave();
  });
});

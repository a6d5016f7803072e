// Every page that the product has, looked at afresh by somebody who may see it: on a phone and at a desk, with JavaScript and without.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { routes } from "../lib/routes.mjs";
import * as scenes from "../lib/scenes.mjs";
import { site } from "../lib/site.mjs";
import { arrive, crawl, look, sendEmpty } from "../lib/walk.mjs";

const [PHONE, PHONE_BARE] = WAYS;
const CALL_HANDLER = "call handler example one";
const OFFICER = "officer example one";
const AUTHOR = "author example one";
const AUDITOR = "auditor example one";
const SUPERVISOR = "supervisor example one";

/** Routes that give no page here, and why. */
const NO_PAGE = new Map([
  ["/assets/{digest}/{name}", "style, script and icon"],
  ["/reports/{reference}/people/{id}/own-data/copy", "a file to take away, once it is noted who gets it"],
  ["/reports/{reference}/questions", "sends on to the question that comes next"],
  ["/sign-in/force", "a demonstration has no sign-in of a force; sign-in-force.mjs has one"],
  ["/sign-in/force/back", "a demonstration has no sign-in of a force; sign-in-force.mjs has one"],
  ["/signed-out", "a demonstration has no sign-in of a force; sign-in-force.mjs has one"],
]);

/** Forms that cannot be wrong when they are sent with nothing in them, and why. */
const BUTTON = "one button, and nothing to fill in";
const NO_MISTAKE = new Map([
  ["/sign-out", BUTTON],
  ["/sign-in/link/{token}", BUTTON],
  ["/confirm", BUTTON],
  ["/stay", BUTTON],
  ["/signed-in", BUTTON],
  ["/account/changes", BUTTON],
  ["/account/passkeys/remove", BUTTON],
  ["/people/{id}/link", BUTTON],
  ["/people/{id}/sessions", BUTTON],
  ["/sign-in/passkey", "a script fills it in; sign-in-passkey.mjs has an authenticator"],
  ["/reports/{reference}/close", "what is added to a report that is closed may stay empty"],
  ["/reports/{reference}/ask-for-review", "the note for the supervisor may stay empty"],
  ["/reports/{reference}/people/{id}", "nothing needs to be known of somebody"],
  ["/reports/{reference}/people/{id}/roles", "somebody may have no part in it"],
]);
/** A form that only a script can send: without JavaScript the page says so, and its button is not there. */
const SCRIPTED = "/account/passkeys/new";
/** The route of which every kind of form is sent: each kind of task asks something else. */
const TASK = "/reports/{reference}/tasks/{duty}";
/** What has to be done, whomever it is about. */
const task = (at) => at.split("/").at(-1).split(":")[0];

const all = routes().filter(({ path }) => !path.startsWith("/assets/"));
const shown = all.filter(({ method, path }) => method === "get" && !NO_PAGE.has(path));

const { server, chromium, force } = await site();
/** Of each route, and of each kind of task, as many pages as it takes to have seen everything they can be made of; and who sees them. */
const pages = [];
/** What pages of each kind are made of, and where their forms are sent. */
const made = new Map();
const lost = [];

/** Somebody in a role, in this way of looking; without a role, nobody. */
async function somebody(role, way) {
  if (role !== "nobody") return (await force.visitor(role, way, "every-page")).page;
  const context = await chromium.newContext({ viewport: { width: way.width, height: way.height }, javaScriptEnabled: way.script });
  return context.newPage();
}

/** Somebody who proves again who they are, since some pages are only for those who did a moment ago. */
async function proven(role, way) {
  const page = await somebody(role, way);
  if (role === "nobody") return page;
  await page.goto(`${server.address}/confirm`);
  const button = page.getByRole("button", { name: "Confirm" });
  if (await button.count()) await button.click();
  await force.keep(role, page.context());
  return page;
}

async function goRound(role, begin, counts) {
  const page = await somebody(role, PHONE);
  const open = [SUPERVISOR, AUDITOR].includes(role);
  const { found, lost: nowhere } = await crawl({ request: page.context().request, address: server.address, all, begin, counts, open });
  for (const { at, route, parts, forms } of found) {
    const kind = route.path === TASK ? task(at) : route.path;
    if (!made.has(kind)) made.set(kind, new Set());
    const [before, news] = [made.get(kind), [...parts, ...forms]];
    if (news.every((part) => before.has(part))) continue;
    news.forEach((part) => before.add(part));
    pages.push({ role, at, route, forms });
  }
  lost.push(...nowhere.map((one) => `${role}: ${one}`));
  await page.context().close();
}

before(async () => {
  const officer = await force.visitor(OFFICER, PHONE, "every-page");
  const supervisor = await force.visitor(SUPERVISOR, PHONE, "every-page");
  const callHandler = await force.visitor(CALL_HANDLER, PHONE, "every-page");
  const been = {
    [CALL_HANDLER]: scenes.trail(callHandler),
    [OFFICER]: scenes.trail(officer),
    [SUPERVISOR]: scenes.trail(supervisor),
  };
  await scenes.taken(callHandler, server.address);
  await scenes.midway(officer);
  await scenes.compare(officer);
  await scenes.emergencies(officer, supervisor, server.address);
  await scenes.conflict(supervisor, "call-handler-one");
  await scenes.closed(supervisor);
  const password = await scenes.passwordLink(supervisor);
  await Promise.all([callHandler.leave(), officer.leave(), supervisor.leave()]);
  const bare = shown.map(({ path }) => path).filter((path) => !path.includes("{"));
  const links = [...server.links.values(), password].map((link) => new URL(link).pathname);
  const counts = new Map();
  await goRound("nobody", [...bare, ...links], counts);
  for (const role of server.links.keys()) {
    await goRound(role, [...bare, ...(been[role] ?? [])], counts);
  }
});

/** Looks at pages on a phone and at a desk, one after another, as whoever sees them. */
async function lookAt(some, way) {
  const visitors = new Map();
  const wrong = [];
  const soon = [...some].sort((a, b) => Number(b.route.fresh) - Number(a.route.fresh));
  for (const { role, at, route } of soon) {
    if (!visitors.has(role)) visitors.set(role, await somebody(role, way));
    wrong.push(...(await look(visitors.get(role), server.address + at, route, `${route.path}, as ${role} at ${at}`, role)));
  }
  for (const page of visitors.values()) await page.context().close();
  return wrong;
}

describe("every page", { concurrency: 3 }, () => {
  test("of every route somebody sees a page, and no link leads nowhere", () => {
    const seen = new Set(pages.map(({ route }) => route.path));
    assert.deepEqual(shown.map(({ path }) => path).filter((path) => !seen.has(path)), [], "routes that nobody came to");
    assert.deepEqual([...NO_PAGE.keys()].filter((path) => seen.has(path)), [], "gives a page after all");
    assert.deepEqual(lost, []);
  });

  test("no link of the guidance leads nowhere", async () => {
    const page = await somebody(AUTHOR, PHONE);
    const whole = { request: page.context().request, address: server.address, all, begin: ["/guidance"], counts: new Map(), most: Infinity };
    const { found, lost: nowhere } = await crawl(whole);
    assert.deepEqual(nowhere, []);
    assert.ok(found.length > 300, `${found.length} pages of guidance`);
  });

  test("is well made, whatever it is made of: with JavaScript", async () => {
    assert.deepEqual(await lookAt(pages, PHONE), []);
  });

  test("is well made, whatever it is made of: without JavaScript", async () => {
    assert.deepEqual(await lookAt(pages, PHONE_BARE), []);
  });
});

/** Sends every form with nothing in it, each once; the routes that said what is missing. */
async function sendAllEmpty(way) {
  const visitors = new Map();
  const [wrong, said] = [[], new Set()];
  const forms = all.filter(({ method, path }) => method === "post" && !NO_MISTAKE.has(path) && (way.script || path !== SCRIPTED));
  for (const route of forms) {
    const having = pages.filter(({ forms }) => forms.includes(route.path));
    // Where there is one kind of form, any page will do on which it can be wrong: on some there is a button only.
    const kinds = new Map(having.map((page) => [route.path === TASK ? task(page.at) : page.at, page]));
    for (const { role, at, route: shows } of kinds.values()) {
      if (route.path !== TASK && said.has(route.path)) break;
      if (!visitors.has(role)) visitors.set(role, await proven(role, way));
      let page = visitors.get(role);
      const where = `${route.path} sent empty, as ${role} at ${at}`;
      let led = await arrive(page, server.address + at, shows);
      // Proven too long ago meanwhile: asked again, as anybody is.
      if (led?.includes("/confirm")) {
        await page.context().close();
        visitors.set(role, (page = await proven(role, way)));
        led = await arrive(page, server.address + at, shows);
      }
      const found = led ? [`${where}: led to ${led}`] : await sendEmpty(page, route, where, role);
      if (found) said.add(route.path);
      wrong.push(...(found ?? []));
    }
  }
  for (const page of visitors.values()) await page.context().close();
  assert.deepEqual(wrong, []);
  const silent = forms.filter(({ path }) => !said.has(path));
  assert.deepEqual(silent.map(({ path }) => path), [], "forms that took nothing for an answer");
}

for (const way of [PHONE, PHONE_BARE]) {
  test(`every form says what is missing when it is sent with nothing in it: ${way.name}`, () => sendAllEmpty(way));
}

test("what looks like a button and is called one is pressed with the space bar", async () => {
  const page = await somebody(OFFICER, PHONE);
  await page.getByRole("button", { name: "Start a report" }).press("Space");
  await page.getByRole("button", { name: "Start the report" }).waitFor();
});

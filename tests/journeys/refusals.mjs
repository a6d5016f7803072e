// Pages that say why something cannot be had or was not saved: on a phone and at a desk, with JavaScript and without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import * as scenes from "../lib/scenes.mjs";
import { site } from "../lib/site.mjs";
import { examine } from "../lib/walk.mjs";

const [PHONE, PHONE_BARE] = WAYS;
const OFFICER = "officer example one";
/** More letters than a form may have; a page of a book has two thousand. */
const TOO_MUCH = "All that was said, word for word. ".repeat(20_000);
/** More pages than an account may ask for in a minute, some at a time. */
const TOO_MANY = { rounds: 60, each: 20 };
/** More wrong passwords than an account may have. */
const WRONG_PASSWORDS = 8;

const { server, chromium, force } = await site();

/** Somebody who is not signed in. */
async function nobody(way) {
  const context = await chromium.newContext({ viewport: { width: way.width, height: way.height }, javaScriptEnabled: way.script });
  return context.newPage();
}

/** Asks for pages until one is refused. */
async function tooMany(page) {
  const ask = () => page.context().request.get(`${server.address}/nowhere`);
  for (let round = 0; round < TOO_MANY.rounds; round += 1) {
    await Promise.all(Array.from({ length: TOO_MANY.each }, ask));
    if ((await page.goto(server.address)).status() === 429) return;
  }
  assert.fail("nobody has to wait");
}

/** The pages of one way, and what is wrong with them. */
class Refusals {
  wrong = [];

  /** The page that is open has this heading, and is well made. */
  async see(page, heading, who) {
    await page.waitForLoadState("load");
    assert.equal(await page.locator("h1").first().innerText(), heading);
    this.wrong.push(...(await examine(page, heading, who)));
  }
}

for (const way of [PHONE, PHONE_BARE]) {
  test(`pages that say why something cannot be had or was not saved: ${way.name}`, async () => {
    const refusals = new Refusals();
    const officer = await force.visitor(OFFICER, way, "refusals");
    // Whoever asks for too much has to wait: in each way it is somebody else.
    const reader = await force.visitor(way.script ? "author" : "auditor", way, "refusals");
    const { page } = officer;

    await scenes.midway(officer);
    const reference = await officer.reference();
    for (const [whose, at, heading] of [
      [page, "/nowhere", "Page not found"],
      [page, "/reports/WM-2020-000001", "You cannot open this report"],
      [reader.page, "/reports/new", "You cannot see this page"],
    ]) {
      await whose.goto(server.address + at);
      await refusals.see(whose, heading, whose === page ? OFFICER : "");
    }

    // The same question in two tabs.
    const second = await page.context().newPage();
    for (const tab of [page, second]) await tab.goto(`${server.address}/reports/${reference}/questions/report.imagery`);
    // Whatever it is answered by now, if it is: each tab says something else.
    const answered = await page.locator("main").evaluate((it) => it.querySelector("form input:checked")?.value);
    const others = ["yes", "no", "not-known"].filter((answer) => answer !== answered);
    for (const [tab, answer] of [[page, others[0]], [second, others[1]]]) {
      await tab.locator(`main form input[value="${answer}"]`).first().check({ force: true });
      await tab.getByRole("button", { name: "Save and go on" }).click();
    }
    await refusals.see(second, "Two answers to one question", OFFICER);
    await second.close();

    await page.goto(`${server.address}/reports/new`);
    await page.getByLabel("Where is the child now?").evaluate((it, text) => {
      it.removeAttribute("maxlength");
      it.value = text;
    }, TOO_MUCH);
    await page.getByRole("button", { name: "Start the report" }).click();
    await refusals.see(page, "That is too much text", OFFICER);

    await page.goto(`${server.address}/reports/new`);
    await page.locator("main form input[name=form_token]").evaluate((it) => (it.value = "AAAA"));
    await page.getByRole("button", { name: "Start the report" }).click();
    await refusals.see(page, "Please send that again", OFFICER);

    // A form that was open when the session ended: it is sent by somebody who is not signed in.
    const stranger = await nobody(way);
    await stranger.goto(`${server.address}/sign-in`);
    await stranger.locator("main form").first().evaluate((it) => it.setAttribute("action", "/reports/new"));
    await stranger.locator("main form button").first().click();
    await refusals.see(stranger, "Sign in again");
    const used = [...server.links].find(([role]) => role.includes("officer"))[1];
    await stranger.goto(used);
    await stranger.getByRole("button", { name: /sign in/i }).first().click();
    await refusals.see(stranger, "This link does not work");

    for (let count = 0; count < WRONG_PASSWORDS; count += 1) {
      await stranger.goto(`${server.address}/sign-in`);
      await stranger.getByLabel("User name").fill("nobody-of-that-name");
      await stranger.getByLabel("Password").fill("a password that is wrong");
      await stranger.getByRole("button", { name: "Sign in", exact: true }).click();
    }
    await refusals.see(stranger, "Too many attempts");

    await tooMany(reader.page);
    await refusals.see(reader.page, "Too many pages at once");

    assert.deepEqual(refusals.wrong, []);
    await stranger.context().close();
    await Promise.all([officer.leave(), reader.leave()]);
  });
}

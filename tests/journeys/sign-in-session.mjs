// The end of a session: said beforehand, put off in time, and nothing lost when it comes.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { accessible, fits } from "../lib/look.mjs";
import { freePort, makeFirst, serve, signIn, stranger } from "../lib/serve.mjs";
import { site } from "../lib/site.mjs";

const { server, chromium } = await site(async () => serve(await freePort()));

before(async () => {
  const visitor = await stranger(chromium, WAYS[3], "sign-in/first");
  await makeFirst(visitor, server);
  await visitor.leave();
});

for (const way of WAYS) {
  describe(`the end of a session: ${way.name}`, () => {
    test("the page says when", async () => {
      const visitor = await stranger(chromium, way, "sign-in/session");
      await signIn(visitor, server, "super");
      const foot = await visitor.page.locator("footer").innerText();
      assert.match(foot, /You will be signed out at \d+:\d\d(am|pm) unless you open another page before/);
      await visitor.follow(/^Supervisor Example/);
      await visitor.follow("Where you are signed in");
      await visitor.sees("This browser");
      // Last: afterwards the clock of every page of this visitor is ours.
      if (way.script) await staysInTime(visitor);
      await visitor.leave();
    });
  });
}

/** Shortly before the end it says so; staying keeps what is being written. */
async function staysInTime(visitor) {
  await visitor.follow("People");
  await visitor.press("Add somebody");
  // The same page once more, in a tab whose clock is ours.
  const page = await visitor.page.context().newPage();
  await page.clock.install();
  await page.goto(visitor.page.url());
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("Half written");
  const warning = page.getByRole("complementary", { name: "Signing out" });
  assert.equal(await warning.isVisible(), false);
  await page.clock.fastForward("13:30");
  await warning.waitFor();
  assert.match(await warning.innerText(), /You will be signed out at \d+:\d\d ?[ap]m\. What you are writing is kept\./);
  // At the end of the page it covers nothing: of what is half covered nobody can say how well it is read.
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await accessible(page, "the warning");
  await fits(page, "the warning");
  await page.screenshot({ path: `pictures/sign-in/warning-${page.viewportSize().width}.png` });
  await warning.getByRole("button", { name: "Stay signed in" }).click();
  await warning.waitFor({ state: "hidden" });
  assert.equal(await name.inputValue(), "Half written");
  await page.clock.fastForward("15:30");
  await warning.getByText("You are signed out now").waitFor();
  assert.equal(await name.inputValue(), "Half written");
  await page.close();
}

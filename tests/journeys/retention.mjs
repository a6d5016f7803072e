// The day to look again at a closed report has come: what is held is given to one child, and the report is erased.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { WAYS, browser } from "../lib/browser.mjs";
import { accessible } from "../lib/look.mjs";
import { start } from "../lib/server.mjs";
import { Force } from "../lib/visitor.mjs";

let chromium;

before(async () => {
  chromium = await browser();
});
after(async () => {
  await chromium?.close();
});

/** Follows a link that brings a file, and gives its text. */
async function fetched(visitor, name) {
  const link = visitor.page.getByRole("link", { name });
  const [download] = await Promise.all([visitor.page.waitForEvent("download"), link.click()]);
  return readFile(await download.path(), "utf8");
}

/** The copy is a page of its own, to be read without Waymark. */
async function reads(text, way) {
  const page = await chromium.newPage({ viewport: { width: way.width, height: way.height } });
  await page.setContent(text);
  await accessible(page, "the copy of somebody's own data");
  await page.close();
}

for (const way of WAYS) {
  test(`kept, given and erased: ${way.name}`, async () => {
    // Each has a force of its own: what is erased is gone for the others too.
    const server = await start();
    try {
      const supervisor = await new Force(server, chromium).visitor("supervisor", way, "retention");
      await supervisor.follow("Reports");
      await supervisor.follow("Retention reviews due (1)");
      await supervisor.follow(/^WM-/);
      await supervisor.sees("Is this report still to be kept?");
      const reference = await supervisor.reference();
      await supervisor.sees("who decided it on");
      await supervisor.sees("10 years after it was closed");
      await supervisor.sees("the force's records manager confirms it");
      await supervisor.unfold("Why, and what is not settled");
      await supervisor.sees("To be confirmed by the force");
      await supervisor.press("Keep it until then");
      assert.match(await supervisor.mistakes(), /Enter the day on which/);

      await supervisor.follow(/^Give them their own data/);
      await supervisor.press("Note it and go on to the copy");
      assert.match(await supervisor.mistakes(), /Select who asks/);
      await supervisor.choose("Who asks?", "They ask for their own data");
      await supervisor.write(/^Who will receive it/, "Quinn, who came in with an appropriate adult");
      await supervisor.press("Note it and go on to the copy");
      assert.match(await supervisor.mistakes(), /“Quinn” is a name of somebody in the report/);
      await supervisor.write(/^Who will receive it/, "The child, who came in with an appropriate adult");
      await supervisor.choose("In what format?", "To read and to print");
      await supervisor.press("Note it and go on to the copy");
      await supervisor.sees("It is noted");
      const copy = await fetched(supervisor, "Take the copy");
      assert.match(copy, /Quinn/);
      assert.doesNotMatch(copy, /Robin|Silver phone|Officer Example/);
      await reads(copy, way);

      await supervisor.report();
      await supervisor.choose(/Why are you opening/, "To supervise the work on it");
      await supervisor.press("Open the report");
      await supervisor.follow("How it was closed, and opening it again");
      await supervisor.follow("Decide whether it is kept");
      await supervisor.press("Go on to erasing");
      await supervisor.sees("This cannot be taken back by anybody");
      await supervisor.press("Erase it for good");
      assert.match(await supervisor.mistakes(), /Select what is erased/);
      await supervisor.choose("What is erased?", "The whole report");
      await supervisor.write("Why? One line", "Looked at again, and there is no reason left to keep it");
      await supervisor.press("Erase it for good");
      await supervisor.sees(`Report ${reference} was erased`);
      await supervisor.sees("Supervisor Example One");
      await supervisor.sees("no reason left to keep it");
      await supervisor.follow("Reports");
      await supervisor.follow(/^Closed reports/);
      await supervisor.misses(reference);
      await supervisor.leave();
    } finally {
      await server.stop();
    }
  });
}

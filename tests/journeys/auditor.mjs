// Who looked at what: the auditor's page, narrowed, and taken away.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { site } from "../lib/site.mjs";

const { server, force } = await site();

for (const way of WAYS) {
  describe(`who looked at what: ${way.name}`, () => {
    test("an auditor narrows the list, and finds themselves in it", async () => {
      const auditor = await force.visitor("auditor", way, "auditor");
      await auditor.follow("Who looked");
      await auditor.sees("Entries in the log");
      await auditor.sees("Read who looked");
      await auditor.write("From this day on", "soon");
      await auditor.press("Narrow the list");
      await auditor.sees("Enter a day, such as 24/11/2026");
      await auditor.write("From this day on", "1/1/2026");
      await auditor.write("Words in the purpose", "auditing");
      await auditor.press("Narrow the list");
      await auditor.sees("Auditing who looked at reports");
      await auditor.follow("Erased");
      await auditor.sees("Nothing of this kind is in the log");
      await auditor.follow("Accounts and keys");
      await auditor.sees("The account was made");
      await auditor.write("Person, by the name they sign in with", "nobody");
      await auditor.press("Narrow the list");
      await auditor.sees("Nobody signs in with this name");
      await auditor.open(`${server.address}/audit/log`);
      await auditor.sees("Who is this file for?");
      await auditor.press("Download it");
      assert.match(await auditor.mistakes(), /Say who it is for/);
      await auditor.write("Who is it for?", "our own audit");
      await auditor.write("Why do they need it? One line", "the yearly look at the log");
      const button = auditor.page.getByRole("button", { name: "Download it" });
      const [download] = await Promise.all([auditor.page.waitForEvent("download"), button.click()]);
      assert.match(await readFile(await download.path(), "utf8"), /^\{"waymark-audit-export":1,/);
      await auditor.leave();
    });
  });
}

// Who looked at what: the auditor's page, narrowed, and taken away.

import assert from "node:assert/strict";
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
      const log = await auditor.page.request.get(`${server.address}/audit/log`);
      assert.match(await log.text(), /^\{"waymark-audit-export":1,/);
      await auditor.leave();
    });
  });
}

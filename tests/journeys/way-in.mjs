// The way in: a link that works once, and the first page of every role.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { site } from "../lib/site.mjs";

const { force } = await site();

for (const way of WAYS) {
  describe(`the way in: ${way.name}`, () => {
    for (const role of ["call handler", "officer", "supervisor", "auditor", "author"]) {
      test(`${role} signs in by link and sees a first page`, async () => {
        const visitor = await force.visitor(role, way, "way-in");
        assert.ok(await visitor.reads(/Sign out/));
        await visitor.leave();
      });
    }
  });
}

// The way in: a link that works once, and the first page of every role.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { WAYS, browser } from "../lib/browser.mjs";
import { start } from "../lib/server.mjs";
import { Force } from "../lib/visitor.mjs";

let server;
let chromium;
let force;

before(async () => {
  [server, chromium] = await Promise.all([start(), browser()]);
  force = new Force(server, chromium);
});
after(async () => {
  await chromium?.close();
  await server?.stop();
});

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
